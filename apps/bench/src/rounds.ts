// Rounds of two loads in turns, so that both meet the same machine, and the median of each.
import type { LoadResult } from './load/load-job';
import type { Row } from './scenario';
import type { ServerProcess } from './targets/server-process';

/** What one round showed. */
export interface Round {
  readonly load: LoadResult;
  readonly ratePerSecond: number;
  readonly cpuSeconds: number;
  readonly memoryMib: number;
}

export interface Contender {
  readonly name: string;
  readonly server: () => ServerProcess;
  readonly run: () => Promise<LoadResult>;
  /** Things counted in one request; the rate is of these. */
  readonly perRequest: number;
}

/** Runs all contenders in turns and gives each one's rounds. */
export async function inTurns(
  rounds: number,
  contenders: readonly Contender[],
): Promise<readonly (readonly Round[])[]> {
  const all: Round[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      all[index]?.push(await measured(contender));
    }
  }
  return all;
}

async function measured({ perRequest, run, server }: Contender): Promise<Round> {
  const before = server().cpuSeconds();
  const load = await run();
  const cpuSeconds = server().cpuSeconds() - before;
  const good = Object.entries(load.statuses).filter(([status]) => /^2/.test(status));
  const count = good.reduce((sum, [, n]) => sum + n, 0);
  const ratePerSecond = (count * perRequest) / load.seconds;
  return { load, ratePerSecond, cpuSeconds, memoryMib: server().memoryMib() };
}

/** The round whose rate is the middle one. */
export function medianRound(rounds: readonly Round[]): Round {
  const sorted = [...rounds].sort((a, b) => a.ratePerSecond - b.ratePerSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error('no rounds');
  return middle;
}

/** The table's line of a contender: its median round, and how far rounds lay apart. */
export function roundRow(name: string, rounds: readonly Round[]): Row {
  const { cpuSeconds, load, memoryMib, ratePerSecond } = medianRound(rounds);
  const rates = rounds.map((round) => round.ratePerSecond);
  const { p50, p99, p999 } = load.latencies;
  const notCreated = Object.entries(load.statuses).filter(([status]) => !/^2/.test(status));
  return {
    '': name,
    'per second': Math.round(ratePerSecond),
    'min–max': `${Math.round(Math.min(...rates))}–${Math.round(Math.max(...rates))}`,
    'p50 ms': p50,
    'p99 ms': p99,
    'p99.9 ms': p999,
    'CPU s': cpuSeconds,
    'generator CPU s': load.cpuSeconds,
    MiB: Math.round(memoryMib),
    'not 2xx': notCreated.map(([status, count]) => `${status}×${count}`).join(' '),
  };
}
