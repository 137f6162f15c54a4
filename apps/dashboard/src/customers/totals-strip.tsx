// Totals over every customer of the environment, whatever is searched for.
import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Amount, countText } from '../parts/amount';
import { Failure } from '../parts/failure';
import { FigureCard } from '../parts/figure-card';
import { useClient } from '../session/session-context';

const REFRESH_MS = 5_000;
const PERCENT = 100;

function verifiedText(verified: number, recorded: number): string {
  if (recorded === 0) return '–';
  return `${Math.floor((verified / recorded) * PERCENT)} %`;
}

const NOTHING_YET = {
  totalCustomers: 0,
  totalDeltas: 0,
  computedBalanceDecimal: '0',
  verification: { verified: 0, recorded: 0 },
};

export function TotalsStrip(): ReactElement {
  const client = useClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['summary'],
    queryFn: ({ signal }) => client.balance.customersSummary({ signal }),
    refetchInterval: REFRESH_MS,
  });
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />;
  const { totalCustomers, totalDeltas, computedBalanceDecimal, verification } = data ?? NOTHING_YET;
  return (
    <SimpleGrid component="dl" cols={{ base: 2, md: 4 }} spacing="sm" m={0} aria-label="Totals">
      <FigureCard name="Customers" isLoading={isPending}>
        {countText(totalCustomers)}
      </FigureCard>
      <FigureCard name="Deltas" isLoading={isPending}>
        {countText(totalDeltas)}
      </FigureCard>
      <FigureCard name="Sum of balances" isLoading={isPending}>
        <Amount decimal={computedBalanceDecimal} />
      </FigureCard>
      <FigureCard name="Verified" isLoading={isPending}>
        {verifiedText(verification.verified, verification.recorded)}
      </FigureCard>
    </SimpleGrid>
  );
}
