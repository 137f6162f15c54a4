// Balance over time: the latest deltas as steps. The same figures stand in the activity below.
import { Group, Skeleton, Text, Title } from '@mantine/core';
import type { DerivedDelta } from '@deltabook/sdk';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactElement } from 'react';
import { amountText, countText } from '../parts/amount';
import { Loaded } from '../parts/loaded';
import { momentText } from '../parts/moment';
import { useClient } from '../session/session-context';
import { customerKey } from './customer-key';

/** As many as one request gives. */
const DELTAS_MAX = 1_000;
const HEIGHT = 220;

const BalanceChart = lazy(async () => {
  const { BalanceChart: chart } = await import('./balance-chart');
  return { default: chart };
});

function spokenText(deltas: readonly DerivedDelta[]): string {
  const [first] = deltas;
  const last = deltas.at(-1);
  if (first === undefined || last === undefined) return 'No balance yet';
  const from = amountText(first.computedBalanceDecimal);
  const to = amountText(last.computedBalanceDecimal);
  return (
    `Balance from ${from} on ${momentText(first.recordedAt)} ` +
    `to ${to} on ${momentText(last.recordedAt)}`
  );
}

export function BalanceHistory(props: {
  readonly customerId: string;
  readonly totalDeltas: number;
}): ReactElement {
  const { customerId, totalDeltas } = props;
  const client = useClient();
  const offset = Math.max(0, totalDeltas - DELTAS_MAX);
  const query = useQuery({
    queryKey: customerKey(customerId, 'history', { offset }),
    queryFn: async ({ signal }) =>
      client.balance.derive(customerId, { limit: DELTAS_MAX, offset, signal }),
    placeholderData: keepPreviousData,
  });
  const placeholder = <Skeleton height={HEIGHT} />;
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          Balance over time
        </Title>
        <Text size="sm" c="dimmed">
          {offset > 0 && `latest ${countText(DELTAS_MAX)} of ${countText(totalDeltas)} deltas`}
        </Text>
      </Group>
      <Loaded query={query} placeholder={placeholder}>
        {({ deltas }) => (
          <div role="img" aria-label={spokenText(deltas)}>
            <Suspense fallback={placeholder}>
              <BalanceChart deltas={deltas} height={HEIGHT} />
            </Suspense>
          </div>
        )}
      </Loaded>
    </>
  );
}
