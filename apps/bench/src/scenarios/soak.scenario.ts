// Memory over time, under a load of new keys and customers: it must not grow.
import type { Bench, Row, Scenario, ScenarioReport } from '../scenario';

const FIRST_MINUTE = 2;
const SECOND_MINUTE = 10;
const SECONDS_PER_MINUTE = 60;

export const soak: Scenario = {
  name: 'soak',
  title: 'Memory over time under load',
  run,
};

async function run(bench: Bench): Promise<ScenarioReport> {
  const { connections, customers, soakMinutes } = bench.options;
  const ledger = await bench.ledger();
  const rows: Row[] = [];
  for (let minute = 1; minute <= soakMinutes; minute += 1) {
    const result = await ledger.run({
      kind: 'single',
      customers: { prefix: 'c', count: customers },
      connections,
      seconds: SECONDS_PER_MINUTE,
    });
    const mib = Math.round(ledger.service.memoryMib());
    rows.push({ minute, MiB: mib, 'per second': Math.round(result.requests / result.seconds) });
    bench.note(`minute ${minute}: ${mib} MiB`);
  }
  const memoryAt = (minute: number): number => Number(rows[minute - 1]?.['MiB'] ?? 0);
  const [early, late] = [memoryAt(FIRST_MINUTE), memoryAt(SECOND_MINUTE)];
  if (early === 0 || late === 0) return { rows, measures: [] };
  const what = `memory after minute ${SECOND_MINUTE} / minute ${FIRST_MINUTE}`;
  return { rows, measures: [{ what, value: late / early, bar: { atMost: 1.1 } }] };
}
