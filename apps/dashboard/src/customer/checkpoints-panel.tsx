// Checkpoints: balances locked at the end of periods, and a way to lock one.
import { Button, Group, Paper, Skeleton, Stack, Table, TextInput } from '@mantine/core';
import type { Checkpoint } from '@deltabook/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { HashText } from '../parts/customer-reference';
import { Failure } from '../parts/failure';
import { Loaded } from '../parts/loaded';
import { Nothing } from '../parts/nothing';
import { useClient } from '../session/session-context';
import { customerKey } from './customer-key';

const PERIOD_LENGTH = 7;

function LockPeriod({ customerId }: { readonly customerId: string }): ReactElement {
  const client = useClient();
  const queries = useQueryClient();
  const [period, setPeriod] = useState(() => new Date().toISOString().slice(0, PERIOD_LENGTH));
  const lock = useMutation({
    mutationFn: () => client.balance.checkpoint(customerId, { period }),
    onSuccess: () =>
      queries.invalidateQueries({ queryKey: customerKey(customerId, 'checkpoints') }),
  });
  return (
    <>
      <Group align="end" gap="sm">
        <TextInput
          type="month"
          label="Period (UTC month)"
          value={period}
          onChange={(event) => setPeriod(event.currentTarget.value)}
        />
        <Button loading={lock.isPending} onClick={() => lock.mutate()}>
          Lock this period
        </Button>
      </Group>
      {lock.error !== null && <Failure error={lock.error} />}
    </>
  );
}

function CheckpointTable(props: { readonly checkpoints: readonly Checkpoint[] }): ReactElement {
  if (props.checkpoints.length === 0) {
    return (
      <Nothing title="No checkpoints yet">
        Lock a period to have its balance and proof kept.
      </Nothing>
    );
  }
  return (
    <Paper withBorder style={{ overflowX: 'auto' }}>
      <Table horizontalSpacing="md" aria-label="Checkpoints">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Period</Table.Th>
            <Table.Th>Checkpoint</Table.Th>
            <Table.Th>Proof root</Table.Th>
            <Table.Th>Status</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.checkpoints.map(({ checkpointId, period, proofRoot, status }) => (
            <Table.Tr key={checkpointId}>
              <Table.Td>{period}</Table.Td>
              <Table.Td className="reference">{checkpointId}</Table.Td>
              <Table.Td>
                <HashText value={proofRoot} name={`proof root of ${checkpointId}`} />
              </Table.Td>
              <Table.Td>{status}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

export function CheckpointsPanel({ customerId }: { readonly customerId: string }): ReactElement {
  const client = useClient();
  const query = useQuery({
    queryKey: customerKey(customerId, 'checkpoints'),
    queryFn: async ({ signal }) => client.balance.listCheckpoints({ customerId, signal }),
  });
  return (
    <Stack>
      <LockPeriod customerId={customerId} />
      <Loaded query={query} placeholder={<Skeleton height={120} />}>
        {({ checkpoints }) => <CheckpointTable checkpoints={checkpoints} />}
      </Loaded>
    </Stack>
  );
}
