// Deltas from Kafka: a topic that was filled before, read by the whole service until each delta is
// durable, beside the broker and against the client alone; then again with the publisher on.
import { makeMissingTopics, withAdmin } from '@deltabook/adapters/kafka';
import { join } from 'node:path';
import { Ledger } from '../ledger';
import { JobProcess } from '../load/job-process';
import { topicClient } from '../load/topic-client';
import type { SendJob, TopicJob, TopicResult } from '../load/topic-job';
import { measureIntake, untilTaken, type IntakeRun } from '../kafka-intake';
import { millisUntilVisible, PROBE_PREFIX } from '../kafka-visibility';
import type { Bench, Row, Scenario, ScenarioReport } from '../scenario';
import { KafkaBroker, whyNoBroker } from '../targets/kafka-broker';

const PER_SECOND_MIN = 30_000;
const LAG_MS_MAX = 1_000;
const SHARE_OF_RATE = 0.7;
const VISIBLE_MS_MAX = 1_000;
/** More than the service takes in the time, so that it never runs dry. */
const FILLED_PER_SECOND = 36_000;
const PARTITIONS = 12;
const CUSTOMER_PREFIX = 'c';

export const kafka: Scenario = {
  name: 'kafka',
  title: 'From Kafka to durable, in deltas per second',
  missing: whyNoBroker,
  run,
};

type Sent = Pick<TopicResult, 'messages' | 'acknowledged'> & { readonly prefix: string };

/** The broker, its topic, and what is sent to it. */
interface Stage {
  readonly bench: Bench;
  readonly broker: KafkaBroker;
  readonly topic: string;
  readonly beside: JobProcess<TopicJob, TopicResult>;
  readonly sent: Sent[];
}

async function run(bench: Bench): Promise<ScenarioReport> {
  const broker = await KafkaBroker.start(bench.folder('broker'));
  const topic = `bench-${process.pid}.deltas`;
  const entry = join(__dirname, '../load/topic.process.js');
  const beside = new JobProcess<TopicJob, TopicResult>('the process beside the broker', entry);
  const stage: Stage = { bench, broker, topic, beside, sent: [] };
  try {
    await makeTopic(stage);
    const messageCount = FILLED_PER_SECOND * bench.options.seconds;
    await send(stage, { messageCount });
    const { brokers } = broker;
    const alone = await beside.run({ kind: 'read', brokers, topic, messageCount });
    const ledger = await startBehind(stage, 'without-publisher', false);
    const off = await measureIntake(ledger, broker, bench.options.seconds);
    await untilTaken(ledger, sentCount(stage));
    const visible = await visibility(stage, ledger, off.perSecond);
    await compareAndStop(stage, ledger);
    const publishing = await startBehind(stage, 'with-publisher', true);
    const on = await measureIntake(publishing, broker, bench.options.seconds);
    await untilTaken(publishing, sentCount(stage));
    await compareAndStop(stage, publishing);
    return reportOf({ alone, off, on, visible });
  } finally {
    beside.close();
    await broker.stop();
  }
}

function makeTopic({ broker, topic }: Stage): Promise<void> {
  const wanted = { topic, partitionCount: PARTITIONS, settings: {} };
  return withAdmin(topicClient(broker.brokers), (admin) =>
    makeMissingTopics(admin, [wanted], (_level, message) => console.error(message)),
  );
}

async function send(
  stage: Stage,
  more: Pick<SendJob, 'messageCount'> & Partial<SendJob>,
): Promise<TopicResult> {
  const { bench, beside, broker, sent, topic } = stage;
  const result = await beside.run({
    kind: 'send',
    brokers: broker.brokers,
    topic,
    customers: { prefix: CUSTOMER_PREFIX, count: bench.options.customers },
    keyPrefix: `kafka-${sent.length}`,
    seed: sent.length + 1,
    ...more,
  });
  sent.push({ ...result, prefix: CUSTOMER_PREFIX });
  bench.note(`sent ${result.messages} messages in ${result.seconds.toFixed(1)} s`);
  return result;
}

const sentCount = ({ sent }: Stage): number =>
  sent.reduce((count, { messages }) => count + messages, 0);

/** The service with everything on but, maybe, the publisher; a group of its own. */
function startBehind(stage: Stage, group: string, publishes: boolean): Promise<Ledger> {
  const { bench, broker, topic } = stage;
  const environment = {
    DATA_DIR: bench.folder(group),
    KAFKA_BROKERS: broker.brokers.join(','),
    KAFKA_GROUP: `${topic}-${group}`,
    KAFKA_DELTAS_TOPIC: topic,
    KAFKA_DELTAS_TOPIC_DLQ: `${topic}.dlq`,
    KAFKA_EVENTS_TOPIC: `${topic}.events`,
    KAFKA_PUBLISHER: String(publishes),
  };
  return Ledger.start(environment, bench.generator);
}

/** Milliseconds from sending to being served, each of many messages among others at a share. */
async function visibility(
  stage: Stage,
  ledger: Ledger,
  perSecond: number,
): Promise<readonly number[]> {
  const ratePerSecond = Math.floor(perSecond * SHARE_OF_RATE);
  const messageCount = ratePerSecond * stage.bench.options.seconds;
  const ending = new AbortController();
  const { broker, topic } = stage;
  const probing = millisUntilVisible({ broker, topic, ledger, signal: ending.signal });
  const { messages, seconds } = await send(stage, { messageCount, ratePerSecond });
  ending.abort();
  stage.bench.note(`of ${ratePerSecond} per second, ${Math.round(messages / seconds)} were sent`);
  const { acknowledged, millis } = await probing;
  stage.sent.push({ messages: millis.length, acknowledged, prefix: PROBE_PREFIX });
  return millis;
}

/** What is served must be what was sent, customer by customer. */
async function compareAndStop({ sent }: Stage, ledger: Ledger): Promise<void> {
  for (const { acknowledged, prefix } of sent) ledger.acknowledge(prefix, acknowledged);
  const differences = await ledger.differences();
  await ledger.stop();
  if (differences.length > 0) throw new Error(`behind Kafka: ${differences.join('\n')}`);
}

interface Found {
  readonly alone: TopicResult;
  readonly off: IntakeRun;
  readonly on: IntakeRun;
  readonly visible: readonly number[];
}

function reportOf({ alone, off, on, visible }: Found): ScenarioReport {
  const millis = [...visible].sort((a, b) => a - b);
  const at = (share: number): number => millis[Math.floor(share * (millis.length - 1))] ?? NaN;
  const aloneRate = alone.messages / alone.seconds;
  const share = `at ${SHARE_OF_RATE} of the rate, Kafka → balance visible`;
  return {
    rows: [
      {
        '': 'kafkajs alone',
        'per second': Math.round(aloneRate),
        'reader CPU s': alone.cpuSeconds,
      },
      rowOf('service', off),
      rowOf('service, publisher on', on),
    ],
    measures: [
      {
        what: 'deltas per second, publisher off',
        value: off.perSecond,
        bar: { atLeast: PER_SECOND_MIN },
      },
      { what: 'of the bar', value: off.perSecond / PER_SECOND_MIN },
      { what: 'of what kafkajs alone reads', value: off.perSecond / aloneRate },
      { what: 'projection lag at the end, ms', value: off.lagMs, bar: { atMost: LAG_MS_MAX } },
      { what: 'publisher on / off', value: on.perSecond / off.perSecond },
      { what: 'events that wait to be published at the end', value: on.unpublished ?? NaN },
      { what: `${share} p50, ms`, value: at(0.5) },
      { what: `${share} p99, ms`, value: at(0.99), bar: { atMost: VISIBLE_MS_MAX } },
      { what: 'probes', value: millis.length },
    ],
  };
}

function rowOf(name: string, found: IntakeRun): Row {
  return {
    '': name,
    'per second': Math.round(found.perSecond),
    'slowest 5 s': Math.round(found.slowestPerSecond),
    'lag ms': Math.round(found.lagMs),
    'service CPU s': found.serviceCpuSeconds,
    'broker CPU s': found.brokerCpuSeconds,
    MiB: Math.round(found.memoryMib),
    published: found.published ?? '',
  };
}
