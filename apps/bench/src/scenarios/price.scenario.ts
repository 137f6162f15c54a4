// What a verifiable history costs: the service against itself without hashing, sealing and signing,
// in rates while writing and in processor time until all is verified.
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { Ledger, type Work } from '../ledger';
import { inTurns, medianRound, roundRow, type Contender, type Round } from '../rounds';
import type { Bench, Measure, Row, Scenario, ScenarioReport } from '../scenario';

const UNSEALED = join(__dirname, '../targets/unsealed-service.process.js');
const BATCH_SIZE = 100;
const BATCH_CONNECTIONS_MAX = 16;
/** Of short and middling histories; the long one is as long as the options say. */
const SHORT = 10;
const MIDDLE = 1_000;
/** Deltas that are written onto a history to see what one costs. */
const COSTED_COUNT = 20_000;
const MICROSECONDS = 1e6;

export const price: Scenario = {
  name: 'price',
  title: 'Hashing, sealing and signing, against the same service without',
  run,
};

interface Both {
  readonly sealed: Ledger;
  readonly unsealed: Ledger;
}

async function run(bench: Bench): Promise<ScenarioReport> {
  const { generator } = bench;
  const sealedDir = bench.folder('sealed');
  const sealed = await Ledger.start({ DATA_DIR: sealedDir }, generator);
  const unsealedDir = bench.folder('unsealed');
  const unsealed = await Ledger.start({ DATA_DIR: unsealedDir }, generator, UNSEALED);
  const both = { sealed, unsealed };
  const { connections } = bench.options;
  const single = { kind: 'single', connections } as const;
  const batch = {
    kind: 'batch',
    batchSize: BATCH_SIZE,
    connections: Math.min(BATCH_CONNECTIONS_MAX, connections),
  } as const;
  const singles = await compared(bench, both, single);
  const batches = await compared(bench, both, batch);
  const histories = await costs(bench, both);
  await sealed.stop();
  await unsealed.stop();
  const sealedBytes = bytesSealed(join(sealedDir, 'log.db'));
  return {
    rows: [...rowsOf('single', singles), ...rowsOf('batches', batches)],
    measures: [
      { what: 'single deltas / without', value: ratio(singles), bar: { atLeast: 0.85 } },
      { what: 'batches of 100 / without', value: ratio(batches), bar: { atLeast: 0.6 } },
      ...histories,
      { what: 'bytes sealed and signed a delta', value: sealedBytes },
    ],
  };
}

type Rounds = readonly [sealed: readonly Round[], unsealed: readonly Round[]];

async function compared(
  bench: Bench,
  { sealed, unsealed }: Both,
  load: Pick<Work, 'kind' | 'batchSize' | 'connections'>,
): Promise<Rounds> {
  const { customers, rounds, seconds } = bench.options;
  const work: Work = { ...load, customers: { prefix: 'c', count: customers }, seconds };
  const perRequest = load.batchSize ?? 1;
  const contender = (ledger: Ledger): Contender => ({
    name: '',
    server: () => ledger.service,
    // What is still to be verified afterwards counts as processor time, and delays nobody.
    run: async () => {
      const result = await ledger.run(work);
      if (ledger === sealed) await sealed.waitUntilVerified();
      return result;
    },
    perRequest,
  });
  const [ours = [], theirs = []] = await inTurns(rounds, [contender(sealed), contender(unsealed)]);
  return [ours, theirs];
}

const rowsOf = (name: string, [sealed, unsealed]: Rounds): readonly Row[] => [
  roundRow(`${name}, sealed`, sealed),
  roundRow(`${name}, without`, unsealed),
];

const ratio = ([sealed, unsealed]: Rounds): number =>
  medianRound(sealed).ratePerSecond / medianRound(unsealed).ratePerSecond;

/** Processor time of a delta more, by the length of its customer's history. */
async function costs(bench: Bench, both: Both): Promise<readonly Measure[]> {
  const lengths = [SHORT, MIDDLE, bench.options.events];
  const measures: Measure[] = [];
  for (const length of lengths) {
    // As many customers as take the deltas and still have about that many each.
    const customers = { prefix: `of${length}-`, count: Math.ceil(COSTED_COUNT / length) };
    const sealed = await costOf(() => verified(both.sealed), customers, length);
    const unsealed = await costOf(() => projected(both.unsealed), customers, length);
    const what = `customers of ${length} deltas: µs of processor a delta`;
    measures.push({ what, value: sealed }, { what: `${what}, without`, value: unsealed });
  }
  return measures;
}

async function projected(ledger: Ledger): Promise<Ledger> {
  await ledger.waitFor(await ledger.newestPosition());
  return ledger;
}

async function verified(ledger: Ledger): Promise<Ledger> {
  await projected(ledger);
  await ledger.waitUntilVerified();
  return ledger;
}

async function costOf(
  settle: () => Promise<Ledger>,
  customers: Work['customers'],
  length: number,
): Promise<number> {
  const ledger = await settle();
  await ledger.fill(customers, length * customers.count);
  await settle();
  const before = ledger.service.cpuSeconds();
  await ledger.fill(customers, COSTED_COUNT);
  await settle();
  return ((ledger.service.cpuSeconds() - before) / COSTED_COUNT) * MICROSECONDS;
}

/** Of the events of the seals' streams, spread over all deltas of the log. */
function bytesSealed(file: string): number {
  const log = new DatabaseSync(file, { readOnly: true });
  const sum = "SELECT sum(length(data)) AS n FROM log WHERE stream LIKE 'seals-%'";
  const count = "SELECT count(*) AS n FROM log WHERE type = 'DeltaEmitted'";
  const numberOf = (sql: string): number => (log.prepare(sql).get() as { readonly n: number }).n;
  const bytes = numberOf(sum) / numberOf(count);
  log.close();
  return bytes;
}
