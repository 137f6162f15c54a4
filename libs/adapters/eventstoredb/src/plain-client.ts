// The vendor's client as it is, one call an event: what the bench holds the adapter against.
import { ANY, EventStoreDBClient, jsonEvent, NO_STREAM, START } from '@eventstore/db-client';

export class PlainClient {
  private readonly client: EventStoreDBClient;
  private readonly subscription: ReturnType<EventStoreDBClient['subscribeToAll']>;
  private subscribed = 0;

  /** Connects at the first call; follows `$all` from the start on. */
  constructor(connectionString: string) {
    this.client = EventStoreDBClient.connectionString(connectionString);
    this.subscription = this.client.subscribeToAll({ fromPosition: START });
    this.subscription.on('data', () => {
      this.subscribed += 1;
    });
    // Dropped under load ("consumer too slow"): the bench measures appends, not this.
    this.subscription.on('error', () => undefined);
  }

  /** Events that the subscription has seen. */
  get subscribedCount(): number {
    return this.subscribed;
  }

  /** Appends one event, whatever the stream's revision is. */
  async append(stream: string, data: Record<string, unknown>): Promise<void> {
    const event = jsonEvent({ type: 'Plain', data });
    await this.client.appendToStream(stream, event, { expectedRevision: ANY });
  }

  /** Appends one event after another to a new stream, each at its revision; returns how many. */
  async appendOneByOne(stream: string, data: Record<string, unknown>, ms: number): Promise<number> {
    const end = performance.now() + ms;
    let count = 0;
    while (performance.now() < end) {
      const expectedRevision = count === 0 ? NO_STREAM : BigInt(count - 1);
      const event = jsonEvent({ type: 'Plain', data });
      await this.client.appendToStream(stream, event, { expectedRevision });
      count += 1;
    }
    return count;
  }

  async close(): Promise<void> {
    await this.subscription.unsubscribe();
    await this.client.dispose();
  }
}
