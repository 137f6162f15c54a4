// All deltas on one customer, against the same load spread over many.
import { inTurns, medianRound, roundRow } from '../rounds';
import type { Bench, Scenario, ScenarioReport } from '../scenario';

export const hotCustomer: Scenario = {
  name: 'hot-customer',
  title: 'One hot customer, against many customers',
  run,
};

async function run(bench: Bench): Promise<ScenarioReport> {
  const { connections, customers, rounds, seconds } = bench.options;
  const ledger = await bench.ledger();
  const contender = (
    name: string,
    prefix: string,
    count: number,
  ): Parameters<typeof inTurns>[1][number] => ({
    name,
    server: () => ledger.service,
    run: () => ledger.run({ kind: 'single', customers: { prefix, count }, connections, seconds }),
    perRequest: 1,
  });
  const [hot = [], spread = []] = await inTurns(rounds, [
    contender('one customer', 'hot', 1),
    contender('many customers', 'c', customers),
  ]);
  const median = medianRound(hot);
  return {
    rows: [roundRow('one customer', hot), roundRow('many customers', spread)],
    measures: [
      {
        what: 'one customer / many customers',
        value: median.ratePerSecond / medianRound(spread).ratePerSecond,
        bar: { atLeast: 0.9 },
      },
      {
        what: 'p99 of the hot customer, ms',
        value: median.load.latencies.p99,
        bar: { atMost: 25 },
      },
    ],
  };
}
