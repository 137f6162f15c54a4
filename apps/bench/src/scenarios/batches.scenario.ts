// Batches of 100 deltas, each item with a new key, against Fastify that parses the same bodies,
// encodes each item, group-commits them to one table and replies with as many bytes.
import { inTurns, medianRound, roundRow } from '../rounds';
import type { Bench, Scenario, ScenarioReport } from '../scenario';

const BATCH_SIZE = 100;
/** Fewer requests carry as much; more connections only make each wait longer. */
const CONNECTIONS_MAX = 16;

export const batches: Scenario = {
  name: 'batches',
  title: 'Batches of 100 deltas, in deltas per second',
  run,
};

async function run(bench: Bench): Promise<ScenarioReport> {
  const { customers, rounds, seconds } = bench.options;
  const ledger = await bench.ledger();
  const work = {
    kind: 'batch',
    batchSize: BATCH_SIZE,
    customers: { prefix: 'c', count: customers },
    connections: Math.min(CONNECTIONS_MAX, bench.options.connections),
    seconds,
  } as const;
  const { replyBytes } = await ledger.run({ ...work, connections: 1, requestCount: 10 });
  const bare = await bench.bare(replyBytes, true);
  const [ours = [], theirs = []] = await inTurns(rounds, [
    {
      name: 'service',
      server: () => ledger.service,
      run: () => ledger.run(work),
      perRequest: BATCH_SIZE,
    },
    {
      name: 'bare Fastify + SQLite',
      server: () => bare,
      run: () => bench.generator.run({ ...ledger.job(work), port: bare.port }),
      perRequest: BATCH_SIZE,
    },
  ]);
  await bare.stop();
  const ratio = medianRound(ours).ratePerSecond / medianRound(theirs).ratePerSecond;
  return {
    rows: [roundRow('service', ours), roundRow('bare Fastify + SQLite', theirs)],
    measures: [{ what: 'service / bare Fastify + SQLite', value: ratio, bar: { atLeast: 0.6 } }],
  };
}
