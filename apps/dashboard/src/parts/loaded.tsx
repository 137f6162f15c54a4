// What a request gave: its data, or that it is on its way, or why it failed.
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Failure } from './failure';

export function Loaded<Data>(props: {
  readonly query: UseQueryResult<Data>;
  readonly placeholder: ReactNode;
  readonly children: (data: Data) => ReactNode;
}): ReactElement {
  const { query, placeholder, children } = props;
  const { data, error, refetch } = query;
  return (
    <>
      {error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      {data !== undefined && children(data)}
      {error === null && data === undefined && placeholder}
    </>
  );
}
