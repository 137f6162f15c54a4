// How fast the service takes deltas from a topic that holds more than it can take in the time.
import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from './ledger';
import type { KafkaBroker } from './targets/kafka-broker';

const LOOK_MS = 250;
const WINDOW_MS = 5_000;
const STARTED_MS_MAX = 60_000;
/** Nothing taken for so long means that nothing will be. */
const IDLE_MS_MAX = 60_000;
/** Moves with every group commit; what the intake counts moves with a partition's whole fetch. */
const DURABLE = 'deltabook_deltas_emitted_total';
const TAKEN = 'deltabook_kafka_deltas_emitted_total';
const DRY_MS = 2_000;

export interface IntakeRun {
  readonly perSecond: number;
  /** Of the windows of five seconds. */
  readonly slowestPerSecond: number;
  /** From the last delta's reply to when reads show it, with the load still on. */
  readonly lagMs: number;
  readonly serviceCpuSeconds: number;
  readonly brokerCpuSeconds: number;
  readonly memoryMib: number;
  /** With the publisher on: messages it has sent, and events that wait for it. */
  readonly published: number | undefined;
  readonly unpublished: number | undefined;
}

interface Look {
  readonly at: number;
  readonly emitted: number;
}

/** Counts for so many seconds from the first delta on, or until the topic has no more. */
export async function measureIntake(
  ledger: Ledger,
  broker: KafkaBroker,
  seconds: number,
): Promise<IntakeRun> {
  const first = await firstTaken(ledger);
  const [service, brokers] = [ledger.service.cpuSeconds(), broker.cpuSeconds()];
  const looks: Look[] = [first];
  let last = first;
  do {
    await delay(LOOK_MS);
    const look = await lookAt(ledger, DURABLE);
    if (look.emitted > last.emitted) {
      looks.push(look);
      last = look;
    } else if (look.at - last.at > DRY_MS) break;
  } while (last.at - first.at < seconds * 1_000);
  const run = {
    perSecond: rateOf(first, last),
    slowestPerSecond: slowestOf(looks),
    serviceCpuSeconds: ledger.service.cpuSeconds() - service,
    brokerCpuSeconds: broker.cpuSeconds() - brokers,
    memoryMib: ledger.service.memoryMib(),
  };
  const published = await numberOf(ledger, 'deltabook_kafka_published_total');
  const unpublished = await numberOf(ledger, 'deltabook_kafka_publish_lag_events');
  const position = await ledger.newestPosition();
  const writtenAt = performance.now();
  await ledger.waitFor(position);
  return { ...run, published, unpublished, lagMs: performance.now() - writtenAt };
}

/** Waits until so many deltas of the topic are recorded; throws when it gets no further. */
export async function untilTaken(ledger: Ledger, count: number): Promise<void> {
  let last = await lookAt(ledger, TAKEN);
  let movedAt = last.at;
  while (last.emitted < count) {
    await delay(LOOK_MS);
    const look = await lookAt(ledger, TAKEN);
    if (look.emitted !== last.emitted) movedAt = look.at;
    if (look.at - movedAt > IDLE_MS_MAX) {
      throw new Error(`of ${count} messages ${look.emitted} were taken`);
    }
    last = look;
  }
}

async function firstTaken(ledger: Ledger): Promise<Look> {
  const startedAt = performance.now();
  for (;;) {
    const look = await lookAt(ledger, DURABLE);
    if (look.emitted > 0) return look;
    if (look.at - startedAt > STARTED_MS_MAX) throw new Error('the service takes no messages');
    await delay(LOOK_MS / 10);
  }
}

async function lookAt(ledger: Ledger, metric: string): Promise<Look> {
  const emitted = (await numberOf(ledger, metric)) ?? 0;
  return { at: performance.now(), emitted };
}

/** Undefined while the service does not know the metric. */
function numberOf(ledger: Ledger, name: string): Promise<number | undefined> {
  return ledger.metric(name).catch(() => undefined);
}

const rateOf = (from: Look, to: Look): number =>
  (to.emitted - from.emitted) / ((to.at - from.at) / 1_000);

function slowestOf(looks: readonly Look[]): number {
  let slowest = Number.POSITIVE_INFINITY;
  let from = 0;
  for (const [to, look] of looks.entries()) {
    const start = looks[from];
    if (!start || look.at - start.at < WINDOW_MS) continue;
    slowest = Math.min(slowest, rateOf(start, look));
    from = to;
  }
  return Number.isFinite(slowest) ? slowest : NaN;
}
