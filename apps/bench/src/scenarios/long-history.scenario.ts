// Writes to a customer with a long history, against one
// with a short one: the length must not matter.
import { inTurns, medianRound, roundRow, type Contender } from '../rounds';
import type { Bench, Scenario, ScenarioReport } from '../scenario';

const SHORT_HISTORY = 10;
const EVENTS_READ = 'deltabook_stream_events_read_total';

export const longHistory: Scenario = {
  name: 'long-history',
  title: 'A customer with a long history, against one with 10 deltas',
  run,
};

async function run(bench: Bench): Promise<ScenarioReport> {
  const { connections, events, rounds, seconds } = bench.options;
  const ledger = await bench.ledger();
  await ledger.fill({ prefix: 'long', count: 1 }, events);
  let shortCount = 0;
  let eventsRead = 0;
  const write = (name: string, prefix: () => Promise<string>): Contender => ({
    name,
    server: () => ledger.service,
    perRequest: 1,
    run: async () => {
      const customers = { prefix: await prefix(), count: 1 };
      // The first write after a pause may read the customer's snapshot; every write is counted.
      const before = await ledger.metric(EVENTS_READ);
      const result = await ledger.run({ kind: 'single', customers, connections, seconds });
      eventsRead += (await ledger.metric(EVENTS_READ)) - before;
      return result;
    },
  });
  const [long = [], short = []] = await inTurns(rounds, [
    write('long history', () => Promise.resolve('long')),
    write('10 deltas before', async () => {
      shortCount += 1;
      const prefix = `short${shortCount}-`;
      await ledger.fill({ prefix, count: 1 }, SHORT_HISTORY);
      return prefix;
    }),
  ]);
  const ratio = medianRound(short).ratePerSecond / medianRound(long).ratePerSecond;
  return {
    rows: [roundRow(`${events} deltas before`, long), roundRow('10 deltas before', short)],
    measures: [
      { what: 'short / long history, time of a write', value: ratio, bar: { atMost: 1.15 } },
      { what: 'stream events read by all writes', value: eventsRead, bar: { atMost: 0 } },
    ],
  };
}
