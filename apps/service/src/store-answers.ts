// Does what a thread without an event store of its own asks the main thread's for.
import type { EventStore } from '@deltabook/application';
import type { StoreReply, StoreRequest } from './verifier-messages';

export type AskedStore = Pick<EventStore, 'append' | 'readStream'>;

/** Never rejects: what the store throws is part of the reply. */
export async function answerStoreRequest(
  store: AskedStore,
  request: StoreRequest,
): Promise<StoreReply> {
  const { id } = request;
  try {
    if (request.kind === 'append') return { id, outcomes: await store.append(request.appends) };
    return { id, events: await store.readStream(request.stream, request.range) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
