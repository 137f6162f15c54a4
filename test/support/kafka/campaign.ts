// What every campaign does: sends its messages in order, and compares what came of them.
import { readTopic, sendMessages, type Kafka } from '@deltabook/adapters/kafka';
import type { Settings } from '../../../apps/service/src/settings';
import { campaignMessage, expectedOf, poisonCount, type CampaignSize } from './campaign-messages';
import { say } from './group-progress';

const SENT_AT_ONCE = 50_000;

/** Sends messages `from` … `to - 1`. */
export async function sendRange(
  { kafka, topic, size }: { kafka: Kafka; topic: string; size: CampaignSize },
  from: number,
  to: number,
): Promise<void> {
  for (let at = from; at < to; at += SENT_AT_ONCE) {
    const count = Math.min(SENT_AT_ONCE, to - at);
    const messages = Array.from({ length: count }, (_, i) => campaignMessage(at + i, size));
    await sendMessages(kafka, topic, messages);
    say(`sent ${at + count} of ${size.messages}`);
  }
}

/** Every customer's messages are recorded once and in their order, and no other customer's. */
export function expectRecorded(
  recorded: ReadonlyMap<string, readonly number[]>,
  size: CampaignSize,
): void {
  const expected = expectedOf(size);
  expect(recorded.size).toBe(expected.size + 1);
  for (const [id, { numbers }] of expected) expect(recorded.get(id)).toEqual(numbers);
}

/** Every poison message is a dead letter, once by its coordinates. */
export async function expectLetters(
  kafka: Kafka,
  settings: Settings,
  size: CampaignSize,
): Promise<void> {
  const keys: string[] = [];
  const values = new Set<string>();
  await readTopic(kafka, settings.KAFKA_DELTAS_TOPIC_DLQ, ({ key, value }) => {
    keys.push(String(key));
    values.add(String(value));
  });
  expect(keys).toHaveLength(poisonCount(size));
  expect(new Set(keys).size).toBe(keys.length);
  expect(values.size).toBe(keys.length);
}

/** The balances that must come of the messages, by customerId. */
export function expectedBalances(size: CampaignSize): ReadonlyMap<string, number> {
  return new Map([...expectedOf(size)].map(([id, { units }]) => [id, units]));
}
