// Appends for tests of the EventStoreDB adapter, and a writer that settles unknown outcomes as a
// mailbox does.
import { NO_STREAM, type EventStore, type StreamAppend } from '@deltabook/application';
import { setTimeout as pause } from 'node:timers/promises';

const RETRY_MS = 50;
const ATTEMPTS_MAX = 600;

/** Events whose bytes tell where they belong and who wrote them. */
export function appendOf(
  stream: string,
  expectedRevision: number,
  count: number,
  writer = 'one',
): StreamAppend {
  const events = Array.from({ length: count }, (_, i) => ({
    type: 'DeltaEmitted',
    data: JSON.stringify({ v: 1, stream, revision: expectedRevision + 1 + i, writer }),
    metadata: '{}',
  }));
  return { stream, expectedRevision, events };
}

/**
 * Appends one event after another until the stream has `count`, repeating what is unknown.
 *
 * @returns the last acknowledged revision
 */
export async function settle(
  store: Pick<EventStore, 'append'>,
  stream: string,
  count: number,
): Promise<number> {
  let revision = NO_STREAM;
  for (let attempt = 0; revision < count - 1 && attempt < ATTEMPTS_MAX; attempt += 1) {
    const [outcome] = await store.append([appendOf(stream, revision, 1)]);
    if (outcome?.kind === 'appended') revision = outcome.revision;
    else if (outcome?.kind === 'unknown') await pause(RETRY_MS);
    else throw new Error(`an append was ${outcome?.kind}`);
  }
  return revision;
}

/** Resolves once the condition holds. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}
