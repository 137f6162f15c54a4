// Follows a customer: what is emitted meanwhile appears without reloading.
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useClient } from '../session/session-context';
import { customerKey } from './customer-key';

/** Many deltas at once are shown together. */
const GATHER_MS = 150;
/** Newly arrived rows that are marked as such. */
const ARRIVED_MAX = 200;

interface Arrivals {
  readonly recordIds: ReadonlySet<string>;
  readonly isLive: boolean;
}

let arrivals: Arrivals = { recordIds: new Set(), isLive: false };
const listeners = new Set<() => void>();

function setArrivals(next: Arrivals): void {
  arrivals = next;
  for (const listener of listeners) listener();
}

/** Which rows came in since the page was opened, and whether it is connected. */
export function useArrivals(): Arrivals {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => arrivals,
  );
}

function refresh(queries: QueryClient, customerId: string): void {
  for (const part of ['record', 'history', 'activity', 'checkpoints'] as const) {
    void queries.invalidateQueries({ queryKey: customerKey(customerId, part).slice(0, 3) });
  }
}

/** Keeps everything that is shown of the customer current while the page is open. */
export function useLiveCustomer(customerId: string): void {
  const client = useClient();
  const queries = useQueryClient();
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const arrived: string[] = [];
    const follow = async (): Promise<void> => {
      const { signal } = controller;
      const onOpen = (): void => setArrivals({ ...arrivals, isLive: true });
      for await (const event of client.balance.events({ customerId, signal, onOpen })) {
        if (event.type === 'delta.recorded') arrived.push(event.recordId);
        timer ??= setTimeout(() => {
          timer = undefined;
          setArrivals({ recordIds: new Set(arrived.splice(-ARRIVED_MAX)), isLive: true });
          refresh(queries, customerId);
        }, GATHER_MS);
      }
    };
    follow().catch(() => setArrivals({ ...arrivals, isLive: false }));
    return () => {
      controller.abort();
      clearTimeout(timer);
      setArrivals({ recordIds: new Set(), isLive: false });
    };
  }, [client, queries, customerId]);
}
