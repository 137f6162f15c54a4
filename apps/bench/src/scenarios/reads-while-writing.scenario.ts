// Customer records read at a fixed rate while writes come as fast as they are answered.
import { LoadGenerator } from '../load/load-generator';
import { medianRound, roundRow, type Round } from '../rounds';
import type { Bench, Scenario, ScenarioReport } from '../scenario';

const READS_PER_SECOND = 1_000;
const READ_CONNECTIONS = 32;

export const readsWhileWriting: Scenario = {
  name: 'reads-while-writing',
  title: `${READS_PER_SECOND} customer records read per second while writing`,
  run,
};

async function run(bench: Bench): Promise<ScenarioReport> {
  const { connections, customers, rounds, seconds } = bench.options;
  const ledger = await bench.ledger();
  const spread = { customers: { prefix: 'c', count: customers }, seconds };
  const readGenerator = new LoadGenerator();
  const reads: Round[] = [];
  const writes: Round[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const before = ledger.service.cpuSeconds();
      const [read, write] = await Promise.all([
        readGenerator.run(
          ledger.job({
            ...spread,
            kind: 'read',
            connections: READ_CONNECTIONS,
            ratePerSecond: READS_PER_SECOND,
          }),
        ),
        ledger.run({ ...spread, kind: 'single', connections }),
      ]);
      const cpuSeconds = ledger.service.cpuSeconds() - before;
      const memoryMib = ledger.service.memoryMib();
      const roundOf = (load: typeof read): Round => ({
        load,
        ratePerSecond: load.requests / load.seconds,
        cpuSeconds,
        memoryMib,
      });
      reads.push(roundOf(read));
      writes.push(roundOf(write));
    }
  } finally {
    readGenerator.close();
  }
  const p99s = reads.map(({ load }) => load.latencies.p99).sort((a, b) => a - b);
  const refused = reads.flatMap(({ load }) =>
    Object.entries(load.statuses).filter(([status]) => status !== '200'),
  );
  return {
    rows: [roundRow('reads', reads), roundRow('writes beside them', writes)],
    measures: [
      {
        what: 'p99 of reads (median of rounds), ms',
        value: p99s[Math.floor(p99s.length / 2)] ?? 0,
        bar: { atMost: 10 },
      },
      { what: 'reads not answered with 200', value: refused.length, bar: { atMost: 0 } },
      { what: 'writes beside them, per second', value: medianRound(writes).ratePerSecond },
    ],
  };
}
