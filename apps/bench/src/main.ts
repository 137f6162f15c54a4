// npm run bench: measures the built service against bars, in one run on one machine.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HELP, readOptions, type BenchOptions } from './bench-options';
import { Ledger } from './ledger';
import { LoadGenerator } from './load/load-generator';
import { isGood, machine, scenarioText, type Report } from './report';
import type { Bench, Scenario } from './scenario';
import { batches } from './scenarios/batches.scenario';
import { eventStore } from './scenarios/event-store.scenario';
import { hotCustomer } from './scenarios/hot-customer.scenario';
import { kafka } from './scenarios/kafka.scenario';
import { lists } from './scenarios/lists.scenario';
import { longHistory } from './scenarios/long-history.scenario';
import { price } from './scenarios/price.scenario';
import { readsWhileWriting } from './scenarios/reads-while-writing.scenario';
import { rebuild } from './scenarios/rebuild.scenario';
import { receiptCheck } from './scenarios/receipt-check.scenario';
import { singleWrites } from './scenarios/single-writes.scenario';
import { soak } from './scenarios/soak.scenario';
import { timeToVerified } from './scenarios/time-to-verified.scenario';
import { ServerProcess } from './targets/server-process';

const SCENARIOS: readonly Scenario[] = [
  singleWrites,
  hotCustomer,
  batches,
  readsWhileWriting,
  lists,
  longHistory,
  rebuild,
  price,
  timeToVerified,
  kafka,
  receiptCheck,
  soak,
];
const BARE = join(__dirname, 'targets/bare-fastify.process.js');
const BARE_ON_EVENT_STORE = join(__dirname, 'targets/bare-eventstoredb.process.js');
/** What an event has beyond the body that it was made from. */
const STORED_DELTA_BYTES = 700;
const DIFFERENCES_SHOWN = 20;

/** Returns the exit code: 0 when every bar is met and what is served is what was acknowledged. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const scenarios = chosen(options);
  const home = resolve(options.dataDir, `bench-${process.pid}`);
  mkdirSync(home, { recursive: true });
  const generator = new LoadGenerator();
  try {
    const report = await measure(scenarios, options, { home, generator });
    if (options.json !== undefined) {
      writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    }
    return isGood(report) ? 0 : 1;
  } finally {
    generator.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function chosen({ eventStore: url, scenarios, soakMinutes }: BenchOptions): readonly Scenario[] {
  if (url !== '') return [eventStore];
  const unknown = scenarios.filter((name) => !SCENARIOS.some((known) => known.name === name));
  if (unknown.length > 0) {
    const known = SCENARIOS.map(({ name }) => name).join(', ');
    throw new Error(`no scenario is named ${unknown.join(', ')}; there are ${known}`);
  }
  if (scenarios.length > 0) return named(scenarios);
  return SCENARIOS.filter(({ name }) => name !== soak.name || soakMinutes > 0).filter(
    (scenario) => {
      const why = scenario.missing?.();
      if (why !== undefined) console.error(`without ${scenario.name}: it ${why}`);
      return why === undefined;
    },
  );
}

/** Throws for one that cannot run here: somebody asked for it. */
function named(names: readonly string[]): readonly Scenario[] {
  const scenarios = SCENARIOS.filter(({ name }) => names.includes(name));
  for (const { name, missing } of scenarios) {
    const why = missing?.();
    if (why !== undefined) throw new Error(`scenario ${name} ${why}`);
  }
  return scenarios;
}

async function measure(
  scenarios: readonly Scenario[],
  options: BenchOptions,
  { home, generator }: { readonly home: string; readonly generator: LoadGenerator },
): Promise<Report> {
  let started: Promise<Ledger> | undefined;
  const folder = (name: string): string => {
    const path = join(home, name);
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
    return path;
  };
  const bench: Bench = {
    options,
    generator,
    folder,
    note: (line) => console.error(line),
    ledger: () => (started ??= startLedger(bench)),
    bare: (replyBytes, stores) =>
      ServerProcess.start('bare Fastify', BARE, {
        BARE_REPLY_BYTES: String(replyBytes),
        BARE_DATA_DIR: stores ? folder('bare') : '',
      }),
    bareOnEventStore: (replyBytes) =>
      ServerProcess.start('bare Fastify', BARE_ON_EVENT_STORE, {
        BARE_REPLY_BYTES: String(replyBytes),
        BARE_EVENT_BYTES: String(STORED_DELTA_BYTES),
        BARE_EVENT_STORE: options.eventStore,
        BARE_STREAM_PREFIX: `${streamPrefix()}bare-`,
      }),
  };
  const reports: Report['scenarios'][number][] = [];
  console.log(
    Object.entries(machine())
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  );
  for (const scenario of scenarios) {
    bench.note(`running ${scenario.name}`);
    const result = await scenario.run(bench);
    console.log(scenarioText(scenario.title, result));
    reports.push({ name: scenario.name, ...result });
  }
  const ledger = await started;
  const differences = (await ledger?.differences()) ?? [];
  await ledger?.stop();
  for (const line of differences.slice(0, DIFFERENCES_SHOWN)) console.log(line);
  console.log(`\ncustomers that differ from what was acknowledged: ${differences.length}`);
  return { machine: machine(), scenarios: reports, differences };
}

/** Keeps the streams of this run apart from all others of the store. */
const streamPrefix = (): string => `bench-${process.pid}_`;

/** The service with its keys stored and projected. */
async function startLedger(bench: Bench): Promise<Ledger> {
  const { customers, eventStore: url, keys } = bench.options;
  const onStore = url === '' ? {} : { EVENT_STORE: url, EVENT_STORE_PREFIX: streamPrefix() };
  const environment = { DATA_DIR: bench.folder('service'), ...onStore };
  const ledger = await Ledger.start(environment, bench.generator);
  bench.note(`storing ${keys} keys of ${customers} customers`);
  await ledger.fill({ prefix: 'c', count: customers }, keys);
  await ledger.waitFor(await ledger.newestPosition());
  return ledger;
}

// Ends at once, whatever still runs: servers end with this process.
void main()
  .catch((error: Error) => {
    console.error(error.message);
    return 1;
  })
  .then((exitCode) => process.exit(exitCode));
