// Clients that page through many customers, and others that search them by a piece of their ID,
// each as fast as it is answered, while deltas come at a fixed rate.
import type { BenchOptions } from '../bench-options';
import { Ledger } from '../ledger';
import type { LoadResult } from '../load/load-job';
import { LoadGenerator } from '../load/load-generator';
import { roundRow, type Round } from '../rounds';
import type { Bench, Scenario, ScenarioReport } from '../scenario';

const CUSTOMERS = 100_000;
const customers = { prefix: 'cust_', count: CUSTOMERS };
const CLIENTS = 16;
const WRITES_PER_SECOND = 1_000;
const WRITE_CONNECTIONS = 32;
const BAR = { atMost: 100 };

export const lists: Scenario = {
  name: 'lists',
  title:
    `${CLIENTS} clients that list, or search, ${CUSTOMERS} customers ` +
    `beside ${WRITES_PER_SECOND} writes per second`,
  run,
};

interface Running {
  readonly ledger: Ledger;
  readonly readGenerator: LoadGenerator;
}

interface Beside {
  readonly reads: readonly Round[];
  readonly writes: readonly Round[];
}

async function run(bench: Bench): Promise<ScenarioReport> {
  const environment = { DATA_DIR: bench.folder('lists') };
  const ledger = await Ledger.start(environment, bench.generator);
  await ledger.fill({ ...customers, areInTurn: true }, CUSTOMERS);
  await ledger.waitUntilVerified();
  const readGenerator = new LoadGenerator();
  try {
    const listed = await besideWrites('list', bench.options, { ledger, readGenerator });
    const searched = await besideWrites('search', bench.options, { ledger, readGenerator });
    const differences = await ledger.differences();
    return {
      rows: [
        roundRow('lists', listed.reads),
        roundRow('writes beside them', listed.writes),
        roundRow('searches', searched.reads),
        roundRow('writes beside them', searched.writes),
      ],
      measures: [
        { what: 'p99 of lists, worst round, ms', value: worstP99(listed.reads), bar: BAR },
        { what: 'p99 of searches, worst round, ms', value: worstP99(searched.reads), bar: BAR },
        { what: 'not answered with 2xx', value: refused(listed, searched), bar: { atMost: 0 } },
        { what: 'customers that differ', value: differences.length, bar: { atMost: 0 } },
      ],
    };
  } finally {
    readGenerator.close();
    await ledger.stop();
  }
}

async function besideWrites(
  kind: 'list' | 'search',
  { rounds, seconds }: BenchOptions,
  { ledger, readGenerator }: Running,
): Promise<Beside> {
  const reads: Round[] = [];
  const writes: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = ledger.service.cpuSeconds();
    const [read, write] = await Promise.all([
      readGenerator.run(ledger.job({ kind, customers, connections: CLIENTS, seconds })),
      ledger.run({
        kind: 'single',
        customers,
        connections: WRITE_CONNECTIONS,
        seconds,
        ratePerSecond: WRITES_PER_SECOND,
      }),
    ]);
    const cpuSeconds = ledger.service.cpuSeconds() - before;
    const memoryMib = ledger.service.memoryMib();
    const roundOf = (load: LoadResult): Round => ({
      load,
      ratePerSecond: load.requests / load.seconds,
      cpuSeconds,
      memoryMib,
    });
    reads.push(roundOf(read));
    writes.push(roundOf(write));
  }
  return { reads, writes };
}

const worstP99 = (rounds: readonly Round[]): number =>
  Math.max(...rounds.map(({ load }) => load.latencies.p99));

function refused(...all: readonly Beside[]): number {
  const loads = all.flatMap(({ reads, writes }) => [...reads, ...writes]);
  return loads.reduce((sum, { load }) => {
    const bad = Object.entries(load.statuses).filter(([status]) => !status.startsWith('2'));
    return sum + bad.reduce((count, [, n]) => count + n, 0);
  }, 0);
}
