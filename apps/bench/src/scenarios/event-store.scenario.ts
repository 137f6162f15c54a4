// The service on EventStoreDB: deltas spread over customers against Fastify that appends with the
// vendor's client, and one hot customer against that client on one stream.
import { inTurns, medianRound, roundRow } from '../rounds';
import type { Bench, Scenario, ScenarioReport } from '../scenario';
import type { ServerProcess } from '../targets/server-process';

/** Appends that the bars speak of. */
const IN_FLIGHT = 256;
/** Writers of the hot customer: what waits while one append is under way makes the next one. */
const HOT_CONNECTIONS = 1_024;

export const eventStore: Scenario = {
  name: 'event-store',
  title: 'On EventStoreDB: many customers and one, against the client alone',
  run,
};

async function run(bench: Bench): Promise<ScenarioReport> {
  const { customers, rounds, seconds } = bench.options;
  const ledger = await bench.ledger();
  const spread = {
    kind: 'single',
    customers: { prefix: 'c', count: customers },
    connections: IN_FLIGHT,
    seconds,
  } as const;
  const hot = {
    ...spread,
    customers: { prefix: 'hot', count: 1 },
    connections: HOT_CONNECTIONS,
  };
  const { replyBytes } = await ledger.run({ ...spread, connections: 1, requestCount: 100 });
  const bare = await bench.bareOnEventStore(replyBytes);
  const [ours = [], theirs = [], ourHot = []] = await inTurns(rounds, [
    { name: 'service', server: () => ledger.service, run: () => ledger.run(spread), perRequest: 1 },
    {
      name: 'bare Fastify',
      server: () => bare,
      run: () => bench.generator.run({ ...ledger.job(spread), port: bare.port }),
      perRequest: 1,
    },
    { name: 'hot', server: () => ledger.service, run: () => ledger.run(hot), perRequest: 1 },
  ]);
  const oneByOne = await rateOf(bare, seconds, 1);
  const inFlight = await rateOf(bare, seconds, IN_FLIGHT);
  await bare.stop();
  const rate = medianRound(ours).ratePerSecond;
  return {
    rows: [
      roundRow('service, many customers', ours),
      roundRow('bare Fastify with the client', theirs),
      roundRow('service, one customer', ourHot),
    ],
    measures: [
      {
        what: 'many customers / bare Fastify with the client',
        value: rate / medianRound(theirs).ratePerSecond,
        bar: { atLeast: 0.7 },
      },
      {
        what: 'one customer / the client alone, one at a time on one stream',
        value: medianRound(ourHot).ratePerSecond / oneByOne,
        bar: { atLeast: 8 },
      },
      { what: 'the client alone, one at a time on one stream, per second', value: oneByOne },
      { what: `the client alone, ${IN_FLIGHT} streams at once, per second`, value: inFlight },
    ],
  };
}

/** Events per second that the client appends without HTTP before it. */
async function rateOf(bare: ServerProcess, seconds: number, inFlight: number): Promise<number> {
  const reply = await fetch(`${bare.url}/rate?seconds=${seconds}&inFlight=${inFlight}`);
  const { perSecond } = (await reply.json()) as { readonly perSecond: number };
  return perSecond;
}
