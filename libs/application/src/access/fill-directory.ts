// Fills a directory from the log itself, for a process that has no read store.
import { LOG_START, type EventStore } from '../ports/event-store.port';
import type { TenantDirectoryInMemory } from './tenant-directory';

/** Events read at once. */
const BATCH_COUNT_MAX = 1_000;

/** Reads the whole log once: time grows with it. Resolves when the directory knows every tenant. */
export async function fillDirectory(
  store: Pick<EventStore, 'follow'>,
  directory: TenantDirectoryInMemory,
): Promise<void> {
  const reading = new AbortController();
  const batches = store.follow({
    after: LOG_START,
    streamPrefixes: ['tenant-'],
    batchCountMax: BATCH_COUNT_MAX,
    signal: reading.signal,
  });
  for await (const { events, caughtUp } of batches) {
    directory.apply(events);
    if (caughtUp) reading.abort();
  }
}
