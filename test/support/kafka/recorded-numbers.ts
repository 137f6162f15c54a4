// What a stopped service has recorded of a campaign: each customer's messages in recorded order.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { LOG_START } from '@deltabook/application';
import { parseCustomerEvent } from '@deltabook/domain';

/** Numbers of the messages by customerId, as their referenceIds say them. */
export async function recordedNumbers(dataDir: string): Promise<ReadonlyMap<string, number[]>> {
  const store = await EmbeddedEventStore.open({ dataDir });
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
  await store.close();
  return byCustomer;
}
