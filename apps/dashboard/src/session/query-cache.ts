// How requests of the page are cached.
import { QueryClient } from '@tanstack/react-query';

/** An empty cache. The SDK has retried already what is worth it. */
export function newQueryCache(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: 5_000, refetchOnWindowFocus: true } },
  });
}
