// Browse customer records: totals on top, search as you type, sort, page.
import {
  CloseButton,
  Container,
  Group,
  Pagination,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useDebouncedCallback, useDocumentTitle } from '@mantine/hooks';
import type { CustomerListReply, CustomerSummary } from '@deltabook/sdk';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { countText } from '../parts/amount';
import { SearchIcon } from '../parts/icons';
import { Loaded } from '../parts/loaded';
import { Nothing } from '../parts/nothing';
import { useClient } from '../session/session-context';
import { CustomersTable } from './customers-table';
import { LIMITS, useListState, type ListState } from './list-state';
import { TotalsStrip } from './totals-strip';

const TYPING_PAUSE_MS = 120;
/** Totals and the page follow what others write. */
const REFRESH_MS = 5_000;
const SEARCH_LENGTH_MAX = 128;

function SearchField(props: {
  readonly search: string;
  readonly onSearch: (search: string) => void;
}): ReactElement {
  const [text, setText] = useState(props.search);
  const search = useDebouncedCallback(props.onSearch, TYPING_PAUSE_MS);
  const change = (next: string): void => {
    setText(next);
    search(next);
  };
  return (
    <TextInput
      type="search"
      aria-label="Search by customer ID"
      placeholder="Search by customer ID"
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      maxLength={SEARCH_LENGTH_MAX}
      leftSection={<SearchIcon />}
      rightSection={
        text !== '' && (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => change('')} />
        )
      }
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      style={{ flex: '1 1 16rem' }}
    />
  );
}

function EmptyList({ search }: { readonly search: string }): ReactElement {
  if (search !== '') {
    return (
      <Nothing title="No customer matches">
        No customer ID contains <q className="anywhere">{search}</q>. Upper and lower case differ.
      </Nothing>
    );
  }
  return (
    <Nothing title="No customers yet">
      The first delta that is emitted for a customer ID creates its record.
    </Nothing>
  );
}

function Footer(props: {
  readonly pagination: CustomerListReply['pagination'];
  readonly onPage: (page: number) => void;
}): ReactElement {
  const { total, totalPages, page } = props.pagination;
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed" role="status">
        {countText(total)} {total === 1 ? 'customer' : 'customers'}
      </Text>
      {totalPages > 1 && (
        <Pagination
          total={totalPages}
          value={page}
          onChange={props.onPage}
          siblings={1}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
          getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
        />
      )}
    </Group>
  );
}

function Controls(props: {
  readonly state: ListState;
  readonly onChange: (change: Partial<ListState>) => void;
}): ReactElement {
  const { state, onChange } = props;
  return (
    <Group gap="sm">
      <SearchField search={state.search} onSearch={(search) => onChange({ search })} />
      <Select
        aria-label="Rows on a page"
        data={LIMITS.map((limit) => ({ value: String(limit), label: `${limit} rows` }))}
        value={String(state.limit)}
        onChange={(value) => onChange({ limit: Number(value) })}
        allowDeselect={false}
        visibleFrom="xs"
        w={120}
      />
    </Group>
  );
}

export function CustomersPage(): ReactElement {
  useDocumentTitle('Customers · Deltabook');
  const client = useClient();
  const [state, change] = useListState();
  const query = useQuery({
    queryKey: ['customers', state],
    queryFn: async ({ signal }) => client.balance.customers({ ...queryOf(state), signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  const tableOf = (customers: readonly CustomerSummary[], isLoading: boolean): ReactElement => (
    <CustomersTable
      customers={customers}
      isLoading={isLoading}
      isStale={query.isPlaceholderData}
      state={state}
      onSort={(sortBy, sortOrder) => change({ sortBy, sortOrder })}
    />
  );
  return (
    <Container size="xl" py="lg">
      <Stack>
        <Title order={1} size="h2">
          Customers
        </Title>
        <TotalsStrip />
        <Controls state={state} onChange={change} />
        <Loaded query={query} placeholder={tableOf([], true)}>
          {({ customers, pagination }) => (
            <>
              {pagination.total === 0 ? (
                <EmptyList search={state.search} />
              ) : (
                tableOf(customers, false)
              )}
              <Footer pagination={pagination} onPage={(page) => change({ page })} />
            </>
          )}
        </Loaded>
      </Stack>
    </Container>
  );
}

function queryOf({ search, sortBy, sortOrder, page, limit }: ListState) {
  return {
    page,
    limit,
    ...(search === '' ? {} : { search }),
    ...(sortBy === undefined ? {} : { sortBy, sortOrder: sortOrder ?? 'asc' }),
  } as const;
}
