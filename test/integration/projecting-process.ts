// A process that emits deltas and projects them until its projector kills it: dataDir, commits.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SqliteReadStore } from '@deltabook/adapters/sqlite';
import { join } from 'node:path';
import { Emitter } from '../support/emitting';

const [, , dataDir = '', commits = ''] = process.argv;

async function main(): Promise<void> {
  const events = await EmbeddedEventStore.open({ dataDir });
  const { storeId, handle } = events;
  SqliteReadStore.open({
    dataDir,
    storeId,
    projectorEntry: join(__dirname, 'dying-projector.js'),
    logSource: { handle, commits: Number(commits) },
    pauseMs: 0,
    pauseMsMax: 0,
  });
  const emitter = new Emitter(events);
  for (let i = 0; ; i += 1) {
    const customerId = `${process.pid}x${i % 10}`;
    await emitter.emit({ customerId, nano: 1n, key: `${process.pid} ${i}` });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
