// What a log has of a campaign: each customer's messages in recorded order.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { LOG_START, type EventStore } from '@deltabook/application';
import { parseCustomerEvent } from '@deltabook/domain';

/** Numbers of the messages by customerId, as their referenceIds say them; of a stopped service. */
export async function recordedNumbers(dataDir: string): Promise<ReadonlyMap<string, number[]>> {
  const store = await EmbeddedEventStore.open({ dataDir });
  try {
    return await recordedNumbersOf(store);
  } finally {
    await store.close();
  }
}

/** The same of any store. */
export async function recordedNumbersOf(
  store: Pick<EventStore, 'follow'>,
): Promise<ReadonlyMap<string, number[]>> {
  const abort = new AbortController();
  const byStream = new Map<string, number[]>();
  const byCustomer = new Map<string, number[]>();
  const follow = {
    after: LOG_START,
    streamPrefixes: ['customer-'],
    batchCountMax: 10_000,
    signal: abort.signal,
  };
  for await (const { events, caughtUp } of store.follow(follow)) {
    for (const { stream, type, data } of events) {
      const event = parseCustomerEvent(type, data);
      if (event.type === 'CustomerRecordOpened') {
        const numbers: number[] = [];
        byStream.set(stream, numbers);
        byCustomer.set(event.customerId, numbers);
      } else if (event.type === 'DeltaEmitted') {
        byStream.get(stream)?.push(Number(event.private.referenceId));
      }
    }
    if (caughtUp) break;
  }
  abort.abort();
  return byCustomer;
}
