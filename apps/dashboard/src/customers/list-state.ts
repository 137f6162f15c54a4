// What of the customers is shown is kept in the address, so that it can be shared and gone back to.
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';

export const SORTS = ['customerId', 'totalDeltas', 'balance', 'lastActivity'] as const;
export type Sort = (typeof SORTS)[number];

export interface ListState {
  readonly search: string;
  readonly page: number;
  readonly limit: number;
  /** Order of first appearance when absent. */
  readonly sortBy?: Sort | undefined;
  readonly sortOrder?: 'asc' | 'desc' | undefined;
}

export const LIMITS = [25, 50, 100] as const;
const LIMIT = LIMITS[0];

function wholeNumber(text: string | null, fallback: number): number {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : fallback;
}

function readState(params: URLSearchParams): ListState {
  const sortBy = SORTS.find((sort) => sort === params.get('sortBy'));
  return {
    search: params.get('search') ?? '',
    page: wholeNumber(params.get('page'), 1),
    limit: LIMITS.find((limit) => String(limit) === params.get('limit')) ?? LIMIT,
    sortBy,
    sortOrder: sortBy && (params.get('sortOrder') === 'desc' ? 'desc' : 'asc'),
  };
}

function writeState(state: ListState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.search !== '') params.set('search', state.search);
  if (state.page > 1) params.set('page', String(state.page));
  if (state.limit !== LIMIT) params.set('limit', String(state.limit));
  if (state.sortBy !== undefined) {
    params.set('sortBy', state.sortBy);
    params.set('sortOrder', state.sortOrder ?? 'asc');
  }
  return params;
}

/** The state, and how to change it: what changes the order or the choice goes to page one. */
export function useListState(): readonly [ListState, (change: Partial<ListState>) => void] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => readState(params), [params]);
  const change = useCallback(
    (changed: Partial<ListState>) => {
      const next = (before: URLSearchParams): URLSearchParams =>
        writeState({ ...readState(before), page: 1, ...changed });
      setParams(next, { replace: true });
    },
    [setParams],
  );
  return [state, change];
}
