// How far a consumer group is with its topic, as the broker knows it.
import { withAdmin, type Kafka } from '@deltabook/adapters/kafka';
import { quiet } from './intake-in-process';

const SAY_EVERY_MS = 10_000;

export interface GroupProgress {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly group: string;
}

/** Offsets that the group has committed and those at the ends, added up over the partitions. */
async function progressOf(of: GroupProgress): Promise<{ committed: number; end: number }> {
  const { kafka, topic, group } = of;
  return withAdmin(kafka, async (admin) => {
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const ends = await admin.fetchTopicOffsets(topic);
    const sum = (values: readonly string[]): number =>
      values.reduce((total, value) => total + Math.max(0, Number(value)), 0);
    return {
      committed: sum(offsets?.partitions.map(({ offset }) => offset) ?? []),
      end: sum(ends.map(({ high }) => high)),
    };
  });
}

/**
 * True once the group has committed this share of what is in the topic; brokers that are away are
 * asked again. A campaign at full size says now and then how far it is.
 */
export async function hasCommitted(of: GroupProgress, share: number): Promise<boolean> {
  try {
    const { committed, end } = await progressOf(of);
    say(`${of.group}: ${committed} of ${end}, until ${Math.round(share * 100)} %`);
    return end > 0 && committed >= end * share;
  } catch (error) {
    quiet('warn', 'no progress known', { detail: String(error) });
    return false;
  }
}

let saidAt = 0;

/** Writes a line to stderr when campaigns run at full size, at most one in a while. */
export function say(line: string, often = false): void {
  const now = performance.now();
  if (process.env['KAFKA_CAMPAIGN'] !== 'full' || (!often && now - saidAt < SAY_EVERY_MS)) return;
  saidAt = now;
  process.stderr.write(`${Math.round(process.uptime())} s: ${line}\n`);
}
