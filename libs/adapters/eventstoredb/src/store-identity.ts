// The store's id: the first event of a reserved stream. Whoever opens the store first writes it,
// expecting no stream, so that any number of processes agree.
import { NO_STREAM, type AppendOutcome, type StreamAppend } from '@deltabook/application';
import { randomUUID } from 'node:crypto';
import { EventStoreDbStartError } from './start-errors';
import type { StreamReader } from './stream-reader';

const TYPE = 'StoreOpened';
/** Format of what the store holds; a greater one was written by a newer build. */
const FORMAT = 1;
const FIRST = { from: 0, direction: 'forwards', limit: 1 } as const;

/**
 * Reads the store's id, or makes one.
 *
 * @param append as the store's own, for one append
 * @throws EventStoreDbStartError when the store has a newer format, or the id cannot be written
 */
export async function storeIdOf(
  stream: string,
  reader: StreamReader,
  append: (append: StreamAppend) => Promise<AppendOutcome>,
): Promise<string> {
  const stored = await storedId(stream, reader);
  if (stored !== undefined) return stored;
  const data = JSON.stringify({ v: 1, storeId: randomUUID(), format: FORMAT });
  const events = [{ type: TYPE, data, metadata: '{}' }];
  const outcome = await append({ stream, expectedRevision: NO_STREAM, events });
  const written = await storedId(stream, reader);
  if (written !== undefined) return written;
  const reason = outcome.kind === 'unknown' ? outcome.reason : outcome.kind;
  throw new EventStoreDbStartError(
    'STORE_UNREACHABLE',
    `EventStoreDB does not take appends (${reason}); check that the cluster has a leader`,
  );
}

async function storedId(stream: string, reader: StreamReader): Promise<string | undefined> {
  const [first] = await reader.page(stream, FIRST);
  if (!first) return undefined;
  const { storeId, format } = JSON.parse(first.data) as { storeId?: string; format?: number };
  if (first.type !== TYPE || storeId === undefined || format === undefined || format > FORMAT) {
    throw new EventStoreDbStartError(
      'FORMAT_TOO_NEW',
      `the event store has format ${format ?? 'unknown'}, this build knows ${FORMAT}; ` +
        'run a newer version',
    );
  }
  return storeId;
}
