// Fills a topic as fast as the brokers take it, or sends at a fixed rate.
import type { Message } from '@deltabook/adapters/kafka';
import { setTimeout as delay } from 'node:timers/promises';
import { DeltaMessages } from './delta-messages';
import { topicProducer } from './topic-client';
import type { SendJob, TopicResult } from './topic-job';

const MESSAGES_PER_SEND = 2_000;
const SENDS_AT_ONCE = 4;
const TICK_MS = 20;

type Done = Omit<TopicResult, 'cpuSeconds'>;

/** Resolves once every message is acknowledged by all replicas in sync. */
export async function sendDeltas(job: SendJob): Promise<Done> {
  const producer = topicProducer(job.brokers);
  await producer.connect();
  const messages = new DeltaMessages(job);
  const startedAt = performance.now();
  let made = 0;
  const send = async (count: number): Promise<void> => {
    const together: Message[] = [];
    for (let i = 0; i < count; i += 1) together.push(messages.next());
    made += count;
    await producer.send({ topic: job.topic, messages: together, acks: -1 });
  };
  if (job.ratePerSecond === undefined) {
    const lane = async (): Promise<void> => {
      while (made < job.messageCount) {
        await send(Math.min(MESSAGES_PER_SEND, job.messageCount - made));
      }
    };
    await Promise.all(Array.from({ length: SENDS_AT_ONCE }, lane));
  } else {
    await sendAtRate(send, job.messageCount, job.ratePerSecond);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await producer.disconnect();
  return { messages: made, seconds, acknowledged: messages.made };
}

async function sendAtRate(
  send: (count: number) => Promise<void>,
  messageCount: number,
  ratePerSecond: number,
): Promise<void> {
  const startedAt = performance.now();
  const underWay: Promise<void>[] = [];
  for (let sent = 0; sent < messageCount;) {
    await delay(TICK_MS);
    const elapsed = (performance.now() - startedAt) / 1_000;
    const due = Math.min(messageCount, Math.floor(elapsed * ratePerSecond));
    if (due > sent) underWay.push(send(due - sent));
    sent = due;
  }
  await Promise.all(underWay);
}
