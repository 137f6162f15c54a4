// From sending a message to its balance being served, as a producer sees it that also reads.
import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from './ledger';
import type { LoadResult } from './load/load-job';
import { topicProducer } from './load/topic-client';
import type { KafkaBroker } from './targets/kafka-broker';

/** Probes under way at once, and the pause between two looks at one: few, as looks are load. */
const PROBES = 8;
export const PROBE_PREFIX = 'probe-';
const LOOK_MS = 50;
const DELTA = 1;

export interface Probing {
  readonly ledger: Ledger;
  readonly broker: KafkaBroker;
  readonly topic: string;
  readonly signal: AbortSignal;
}

export interface Visibility {
  /** Of each message. */
  readonly millis: readonly number[];
  /** What was sent, by the number of the probe, whose customer is `probe-<number>`. */
  readonly acknowledged: LoadResult['acknowledged'];
}

/** Each probe sends one message after the other, when the one before is visible. */
export async function millisUntilVisible(probing: Probing): Promise<Visibility> {
  const producer = topicProducer(probing.broker.brokers);
  await producer.connect();
  const send = async (customerId: string): Promise<void> => {
    const value = JSON.stringify({ customerId, delta: DELTA, reason: 'probe' });
    await producer.send({ topic: probing.topic, messages: [{ key: customerId, value }] });
  };
  const probes = Array.from({ length: PROBES }, (_, i) =>
    probe(`${PROBE_PREFIX}${i}`, send, probing),
  );
  const millis = await Promise.all(probes);
  await producer.disconnect();
  const counts = Float64Array.from(millis, ({ length }) => length);
  const sums = counts.map((count) => count * DELTA);
  return { millis: millis.flat(), acknowledged: { counts, sums } };
}

async function probe(
  customerId: string,
  send: (customerId: string) => Promise<void>,
  { ledger, signal }: Probing,
): Promise<readonly number[]> {
  const millis: number[] = [];
  while (!signal.aborted) {
    const sentAt = performance.now();
    await send(customerId);
    const balance = (millis.length + 1) * DELTA;
    while ((await ledger.balanceOf(customerId)) < balance) await delay(LOOK_MS);
    millis.push(performance.now() - sentAt);
  }
  return millis;
}
