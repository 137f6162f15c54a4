// A customer's activity, newest first: filtered, followed live, and as CSV.
import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import type { CustomerReply } from '@deltabook/sdk';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { countText } from '../parts/amount';
import { Failure } from '../parts/failure';
import { Nothing } from '../parts/nothing';
import { useClient } from '../session/session-context';
import { ActivityFilters, NO_FILTER, queryOf } from './activity-filters';
import { ActivityTable } from './activity-table';
import { CsvButton } from './csv-button';
import { customerKey } from './customer-key';
import { useArrivals } from './live-customer';

const PER_PAGE = 50;

function LiveMark(): ReactElement {
  const { isLive } = useArrivals();
  return (
    <Badge variant={isLive ? 'light' : 'default'} tt="none" role="status">
      {isLive ? 'Live' : 'Not connected'}
    </Badge>
  );
}

type Activity = CustomerReply['recentActivity'];

function useActivity(customerId: string, query: ReturnType<typeof queryOf>) {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: customerKey(customerId, 'activity', query),
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }): Promise<Activity> => {
      const cursor = pageParam === '' ? {} : { cursor: pageParam };
      const options = { deltaLimit: PER_PAGE, ...query, ...cursor, signal };
      return (await client.balance.customer(customerId, options)).recentActivity;
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  });
}

function Rows({ pages }: { readonly pages: ReturnType<typeof useActivity> }): ReactElement {
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  if (pages.isPending) return <Skeleton height={240} />;
  if (items.length === 0 && !pages.hasNextPage) {
    return <Nothing title="No activity to show">No delta matches the filter.</Nothing>;
  }
  return (
    <>
      {items.length > 0 && <ActivityTable items={items} />}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {countText(items.length)} shown
        </Text>
        {pages.hasNextPage && (
          <Button
            variant="default"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Show older
          </Button>
        )}
      </Group>
    </>
  );
}

export function ActivityPanel({ customerId }: { readonly customerId: string }): ReactElement {
  const [filter, setFilter] = useState(NO_FILTER);
  const query = queryOf(filter);
  const pages = useActivity(customerId, query);
  return (
    <Stack>
      <Group justify="space-between" align="end">
        <ActivityFilters
          filter={filter}
          onChange={(change) => setFilter((before) => ({ ...before, ...change }))}
        />
        <Group gap="xs">
          <LiveMark />
          <CsvButton customerId={customerId} query={query} />
        </Group>
      </Group>
      {pages.error !== null && <Failure error={pages.error} onRetry={() => void pages.refetch()} />}
      <Rows pages={pages} />
    </Stack>
  );
}
