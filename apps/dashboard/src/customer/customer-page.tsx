// One customer record: balance now and over time, activity as it happens, checkpoints, receipt.
import {
  Alert,
  Anchor,
  Badge,
  Container,
  Group,
  Paper,
  Stack,
  Tabs,
  Text,
  Title,
} from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { NotFoundError, type CustomerReply } from '@deltabook/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { Amount, countText } from '../parts/amount';
import { HashText } from '../parts/customer-reference';
import { Failure } from '../parts/failure';
import { FigureCard } from '../parts/figure-card';
import { BackIcon } from '../parts/icons';
import { Moment } from '../parts/moment';
import { Nothing } from '../parts/nothing';
import { useClient } from '../session/session-context';
import { ActivityPanel } from './activity-panel';
import { BalanceHistory } from './balance-history';
import { CheckpointsPanel } from './checkpoints-panel';
import { customerKey } from './customer-key';
import { useLiveCustomer } from './live-customer';
import { ReceiptPanel } from './receipt-panel';

function Heading({ customer }: { readonly customer: CustomerReply }): ReactElement {
  return (
    <div>
      <Group gap="xs">
        <Title order={1} size="h2" className="anywhere">
          {customer.customerId}
        </Title>
        {customer.fenced === true && (
          <Badge color="red" variant="light">
            fenced
          </Badge>
        )}
      </Group>
      <HashText value={customer.customerReference} name="customer reference" whole />
    </div>
  );
}

function Figures({ customer }: { readonly customer: CustomerReply }): ReactElement {
  return (
    <Group component="dl" grow preventGrowOverflow={false} gap="sm" m={0} align="stretch">
      <FigureCard name="Balance">
        <span data-testid="balance">
          <Amount decimal={customer.computedBalanceDecimal} />
        </span>
      </FigureCard>
      <FigureCard name="Deltas">{countText(customer.totalDeltas)}</FigureCard>
      <FigureCard name="First activity">
        <Moment time={customer.firstActivity} />
      </FigureCard>
      <FigureCard name="Last activity">
        <Moment time={customer.lastActivity} />
      </FigureCard>
    </Group>
  );
}

function Record({ customer }: { readonly customer: CustomerReply }): ReactElement {
  const { customerId } = customer;
  return (
    <Stack>
      <Heading customer={customer} />
      {customer.fenced === true && (
        <Alert color="red" title="The stored history of this customer failed verification">
          Nothing can be written until an operator has looked into it.
        </Alert>
      )}
      <Figures customer={customer} />
      <Paper withBorder p="md" component="section" aria-label="Balance over time">
        <BalanceHistory customerId={customerId} totalDeltas={customer.totalDeltas} />
      </Paper>
      <Tabs defaultValue="activity" keepMounted={false}>
        <Tabs.List aria-label="Parts of the record">
          <Tabs.Tab value="activity">Activity</Tabs.Tab>
          <Tabs.Tab value="checkpoints">Checkpoints</Tabs.Tab>
          <Tabs.Tab value="receipt">Receipt</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="activity" pt="md">
          <ActivityPanel customerId={customerId} />
        </Tabs.Panel>
        <Tabs.Panel value="checkpoints" pt="md">
          <CheckpointsPanel customerId={customerId} />
        </Tabs.Panel>
        <Tabs.Panel value="receipt" pt="md">
          <ReceiptPanel customerId={customerId} totalDeltas={customer.totalDeltas} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Content({ customerId }: { readonly customerId: string }): ReactElement {
  const client = useClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: customerKey(customerId, 'record'),
    queryFn: async ({ signal }) => client.balance.customer(customerId, { deltaLimit: 1, signal }),
  });
  useLiveCustomer(customerId);
  if (error instanceof NotFoundError) {
    return (
      <Nothing title="No such customer">
        No delta was ever emitted for <q className="anywhere">{customerId}</q> in this environment.
      </Nothing>
    );
  }
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Text role="status">Loading…</Text>;
  return <Record customer={data} />;
}

export function CustomerPage(props: { readonly customerId: string }): ReactElement {
  const customerId = decodeURIComponent(props.customerId);
  useDocumentTitle(`${customerId} · Deltabook`);
  return (
    <Container size="xl" py="lg">
      <Anchor component={Link} href="/customers" size="sm" mb="sm" display="inline-block">
        <BackIcon /> Customers
      </Anchor>
      <Content customerId={customerId} />
    </Container>
  );
}
