// What the events topic says of each customer, read as a consumer would that trusts its order.
import { readTopic, type Kafka } from '@deltabook/adapters/kafka';

interface PublishedEvent {
  readonly event: string;
  readonly data: {
    readonly customerId: string;
    readonly sequenceNumber: number;
    readonly verifiedThrough: number;
  };
}

export interface Published {
  /** Highest sequence number that came, by customerId. */
  readonly recorded: ReadonlyMap<string, number>;
  /** How far the customer is said to be verified, by customerId. */
  readonly verified: ReadonlyMap<string, number>;
  /** Deltas that came before the one ahead of them: none, when order is kept. */
  readonly early: readonly string[];
}

/** Reads the whole topic. */
export async function readPublished(kafka: Kafka, topic: string): Promise<Published> {
  const recorded = new Map<string, number>();
  const verified = new Map<string, number>();
  const early: string[] = [];
  await readTopic(kafka, topic, ({ value }) => {
    const { event, data } = JSON.parse(String(value)) as PublishedEvent;
    const { customerId, sequenceNumber, verifiedThrough } = data;
    if (event === 'delta.verified') verified.set(customerId, verifiedThrough);
    if (event !== 'delta.recorded') return;
    // What was sent twice is of before: nothing is ahead of its turn.
    const next = (recorded.get(customerId) ?? 0) + 1;
    if (sequenceNumber > next) early.push(`${customerId}: ${sequenceNumber} before ${next}`);
    recorded.set(customerId, Math.max(next - 1, sequenceNumber));
  });
  return { recorded, verified, early };
}
