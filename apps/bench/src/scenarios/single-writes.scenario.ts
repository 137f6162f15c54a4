// Durable single deltas over many customers, each with a new key, against Fastify alone.
import { inTurns, medianRound, roundRow } from '../rounds';
import type { Bench, Scenario, ScenarioReport } from '../scenario';

export const singleWrites: Scenario = {
  name: 'single-writes',
  title: 'Single deltas, each with a new key, spread over customers',
  run,
};

async function run(bench: Bench): Promise<ScenarioReport> {
  const { connections, customers, rounds, seconds } = bench.options;
  const ledger = await bench.ledger();
  const work = {
    kind: 'single',
    customers: { prefix: 'c', count: customers },
    connections,
    seconds,
  } as const;
  const { replyBytes } = await ledger.run({ ...work, connections: 1, requestCount: 100 });
  const bare = await bench.bare(replyBytes, false);
  const [ours = [], theirs = []] = await inTurns(rounds, [
    { name: 'service', server: () => ledger.service, run: () => ledger.run(work), perRequest: 1 },
    {
      name: 'bare Fastify',
      server: () => bare,
      run: () => bench.generator.run({ ...ledger.job(work), port: bare.port }),
      perRequest: 1,
    },
  ]);
  await bare.stop();
  const ratio = medianRound(ours).ratePerSecond / medianRound(theirs).ratePerSecond;
  return {
    rows: [roundRow('service', ours), roundRow('bare Fastify', theirs)],
    measures: [{ what: 'service / bare Fastify', value: ratio, bar: { atLeast: 0.5 } }],
  };
}
