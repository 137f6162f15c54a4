// All read models deleted and rebuilt from the log, against reading and parsing the same log.
import { execFile } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ledger } from '../ledger';
import type { Bench, Scenario, ScenarioReport } from '../scenario';

const SCAN = join(__dirname, '../targets/scan-log.process.js');
const READ_MODELS = /^read-models-/;
const runFile = promisify(execFile);

interface Pass {
  readonly events: number;
  readonly seconds: number;
}

export const rebuild: Scenario = {
  name: 'rebuild',
  title: 'Rebuild of all read models, in events per second',
  run,
};

async function run(bench: Bench): Promise<ScenarioReport> {
  const { customers, events, rounds } = bench.options;
  const dataDir = bench.folder('rebuild');
  const ledger = await Ledger.start({ DATA_DIR: dataDir }, bench.generator);
  await ledger.fill({ prefix: 'c', count: customers }, events);
  const position = await ledger.newestPosition();
  await ledger.waitFor(position);
  const scans: Pass[] = [];
  const rebuilds: Pass[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await ledger.restart(async () => {
      scans.push(await scan(dataDir));
      const files = readdirSync(dataDir).filter((name) => READ_MODELS.test(name));
      if (files.length === 0) throw new Error('there were no read models to delete');
      for (const name of files) rmSync(join(dataDir, name), { recursive: true });
    });
    const startedAt = performance.now();
    await ledger.waitFor(position);
    // The service projects from before it listens; its own start is part of the time.
    const seconds = (performance.now() - startedAt) / 1_000 + ledger.service.startSeconds;
    rebuilds.push({ events: scans.at(-1)?.events ?? 0, seconds });
  }
  const differences = await ledger.differences();
  await ledger.stop();
  if (differences.length > 0) throw new Error(`after a rebuild: ${differences.join('\n')}`);
  const [rebuilt, scanned] = [median(rebuilds), median(scans)];
  return {
    rows: [row('rebuild, start included', rebuilt), row('scan and parse', scanned)],
    measures: [
      {
        what: 'rebuild / scan and parse',
        value: rebuilt.events / rebuilt.seconds / (scanned.events / scanned.seconds),
        bar: { atLeast: 0.4 },
      },
    ],
  };
}

async function scan(dataDir: string): Promise<Pass> {
  const { stdout } = await runFile(process.execPath, [SCAN, join(dataDir, 'log.db')]);
  const { eventCount, seconds } = JSON.parse(stdout) as { eventCount: number; seconds: number };
  return { events: eventCount, seconds };
}

function median(passes: readonly Pass[]): Pass {
  const sorted = [...passes].sort((a, b) => a.seconds - b.seconds);
  return sorted[Math.floor(sorted.length / 2)] ?? { events: 0, seconds: 1 };
}

function row(name: string, { events, seconds }: Pass): ScenarioReport['rows'][number] {
  return { '': name, events, seconds, 'per second': Math.round(events / seconds) };
}
