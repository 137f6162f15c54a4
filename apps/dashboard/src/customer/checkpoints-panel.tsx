// Checkpoints: balances locked at the end of periods, and a way to lock one.
import { Badge, Button, Group, Paper, Skeleton, Stack, Table, TextInput } from '@mantine/core';
import type { Checkpoint } from '@deltabook/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Amount, countText } from '../parts/amount';
import { HashText } from '../parts/customer-reference';
import { Failure } from '../parts/failure';
import { Loaded } from '../parts/loaded';
import { Moment } from '../parts/moment';
import { Nothing } from '../parts/nothing';
import { useClient, useSessions } from '../session/session-context';
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

/** On a phone the period, its deltas and the closing balance are what there is room for. */
const WIDE = { visibleFrom: 'sm' } as const;

const HEADINGS = [
  { title: 'Period', ta: 'left' },
  { title: 'Deltas', ta: 'right' },
  { title: 'Opening balance', ta: 'right', ...WIDE },
  { title: 'Closing balance', ta: 'right' },
  { title: 'Proof root', ta: 'left', ...WIDE },
  { title: 'Locked', ta: 'left', ...WIDE },
] as const;

function CheckpointRow({ checkpoint }: { readonly checkpoint: Checkpoint }): ReactElement {
  const { checkpointId, period, proofRoot, createdAt, supersededBy } = checkpoint;
  return (
    <Table.Tr title={checkpointId}>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {period}
        {supersededBy !== null && (
          <Badge color="gray" variant="light" tt="none" ml="xs" title={supersededBy}>
            replaced
          </Badge>
        )}
      </Table.Td>
      <Table.Td ta="right">{countText(checkpoint.deltaCount)}</Table.Td>
      <Table.Td ta="right" {...WIDE}>
        <Amount decimal={checkpoint.startingBalanceDecimal} />
      </Table.Td>
      <Table.Td ta="right">
        <Amount decimal={checkpoint.finalBalanceDecimal} />
      </Table.Td>
      <Table.Td {...WIDE}>
        <HashText value={proofRoot} name={`proof root of ${period}`} />
      </Table.Td>
      <Table.Td {...WIDE}>
        <Moment time={createdAt} />
      </Table.Td>
    </Table.Tr>
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
    <Paper withBorder style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label="Locked">
      <Table horizontalSpacing="md" verticalSpacing="xs" aria-label="Checkpoints">
        <Table.Thead>
          <Table.Tr>
            {HEADINGS.map(({ title, ...look }) => (
              <Table.Th key={title} {...look} style={{ whiteSpace: 'nowrap' }}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.checkpoints.map((checkpoint) => (
            <CheckpointRow key={checkpoint.checkpointId} checkpoint={checkpoint} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

export function CheckpointsPanel({ customerId }: { readonly customerId: string }): ReactElement {
  const client = useClient();
  const { session } = useSessions();
  const query = useQuery({
    queryKey: customerKey(customerId, 'checkpoints'),
    queryFn: async ({ signal }) => client.balance.listCheckpoints({ customerId, signal }),
  });
  return (
    <Stack>
      {session?.scopes.includes('write') === true && <LockPeriod customerId={customerId} />}
      <Loaded query={query} placeholder={<Skeleton height={120} />}>
        {({ checkpoints }) => <CheckpointTable checkpoints={checkpoints} />}
      </Loaded>
    </Stack>
  );
}
