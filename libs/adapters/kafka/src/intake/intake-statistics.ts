// What the intake counts, for /metrics.
import type { Settled } from './partition-batch';

export interface IntakeStatistics {
  consumed: number;
  emitted: number;
  repeated: number;
  deadLettered: number;
  /** Times a partition waited because the write path refused for now. */
  pauses: number;
  rebalances: number;
  crashes: number;
  /** True between joining the group and losing it. */
  joined: boolean;
  /** Messages after the last settled one, by `topic/partition`, as of the last fetch. */
  readonly lag: Map<string, bigint>;
}

export function newIntakeStatistics(): IntakeStatistics {
  return {
    consumed: 0,
    emitted: 0,
    repeated: 0,
    deadLettered: 0,
    pauses: 0,
    rebalances: 0,
    crashes: 0,
    joined: false,
    lag: new Map(),
  };
}

/** Adds what became of a batch. */
export function countSettled(statistics: IntakeStatistics, settled: Settled): void {
  statistics.consumed += settled.count;
  statistics.emitted += settled.emittedCount;
  statistics.repeated += settled.repeatedCount;
  statistics.deadLettered += settled.letters.length;
}
