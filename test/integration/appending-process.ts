// A process that appends as fast as it can and writes one
// line for each acknowledged append: to be killed.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { NO_STREAM } from '@deltabook/application';
import { join } from 'node:path';

const [dataDir = '', writer] = process.argv.slice(2);

async function appendForEver(store: EmbeddedEventStore, stream: string): Promise<void> {
  for (let revision = NO_STREAM; ; revision += 1) {
    const data = JSON.stringify({ v: 1, stream, revision: revision + 1 });
    const events = [{ type: 'DeltaEmitted', data, metadata: '{}' }];
    const [outcome] = await store.append([{ stream, expectedRevision: revision, events }]);
    if (outcome?.kind !== 'appended') throw new Error(`not appended: ${outcome?.kind}`);
    process.stdout.write(`${stream} ${outcome.revision} ${outcome.position}\n`);
  }
}

async function main(): Promise<void> {
  const store = await EmbeddedEventStore.open({
    dataDir,
    ...(writer === undefined ? {} : { writerEntry: join(__dirname, writer) }),
    onFatal: (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(70);
    },
  });
  const name = `${process.pid}`;
  await Promise.all([1, 2, 3, 4].map((n) => appendForEver(store, `customer-${name}x${n}`)));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
