// What the embedded store promises beyond the port: one process at a time,
// crashes, a full disk, a failing disk, a lost or foreign index, a newer format.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { NO_STREAM, type AppendOutcome } from '@deltabook/application';
import { DatabaseSync } from '@photostructure/sqlite';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fillDisk } from '../support/fill-disk';
import { aDataDir } from '../support/service-process';

const APPENDING = join(__dirname, 'appending-process.js');
const forwards = { from: 0, direction: 'forwards', limit: 1_000 } as const;

const appendOne = async (
  store: EmbeddedEventStore,
  stream: string,
  expectedRevision: number,
  pad = '',
): Promise<AppendOutcome | undefined> => {
  const data = JSON.stringify({ v: 1, stream, revision: expectedRevision + 1, pad });
  const events = [{ type: 'DeltaEmitted', data, metadata: '{}' }];
  return (await store.append([{ stream, expectedRevision, events }]))[0];
};

function startAppending(dataDir: string, ...more: string[]): ChildProcess & { lines: string[] } {
  const child = spawn(process.execPath, [APPENDING, dataDir, ...more]);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return Object.assign(child, { lines });
}

async function linesReached(child: { readonly lines: string[] }, count: number): Promise<void> {
  while (child.lines.length < count) await new Promise((resolve) => setImmediate(resolve));
}

it('a killed process leaves every acknowledged append, once', async () => {
  const dataDir = aDataDir();
  for (let round = 0; round < 3; round += 1) {
    const child = startAppending(dataDir);
    await linesReached(child, 500 + round * 137);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await EmbeddedEventStore.open({ dataDir });
    const heads = new Map<string, number>();
    for (const line of child.lines) {
      const [stream = '', revision = ''] = line.split(' ');
      heads.set(stream, Number(revision));
    }
    for (const [stream, acknowledged] of heads) {
      const stored = await store.readStream(stream, { ...forwards, from: 0 });
      const revisions = stored.map(({ revision }) => revision);
      expect(revisions).toEqual(revisions.map((_, i) => i));
      expect(revisions.length).toBeGreaterThan(acknowledged);
      expect(stored[acknowledged]?.data).toContain(`"revision":${acknowledged}`);
    }
    await store.close();
  }
});

it('a second process is refused in one line and does no harm', async () => {
  const dataDir = aDataDir();
  const store = await EmbeddedEventStore.open({ dataDir });
  await appendOne(store, 'customer-a', NO_STREAM);
  const { status, stderr } = spawnSync(process.execPath, [APPENDING, dataDir], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toBe(
    `DATA_DIR ${dataDir} is used by another process; stop it or choose another DATA_DIR\n`,
  );
  expect(await appendOne(store, 'customer-a', 0)).toMatchObject({ kind: 'appended', revision: 1 });
  await store.close();
  await (await EmbeddedEventStore.open({ dataDir })).close();
});

it('a commit that fails ends the process, and nothing of it was acknowledged', async () => {
  const dataDir = aDataDir();
  const child = startAppending(dataDir, 'failing-log-writer.js');
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(70);
  expect(stderr).toBe('disk I/O error\n');
  const store = await EmbeddedEventStore.open({ dataDir });
  for (const line of child.lines) {
    const [stream = '', revision = ''] = line.split(' ');
    expect((await store.readStream(stream, forwards)).length).toBeGreaterThan(Number(revision));
  }
  await store.close();
});

describe('a full disk', () => {
  const mountPoint = aDataDir();
  const size = 'size=3m';
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', mountPoint]).status === 0;
  const itOnSmallDisk = mounted ? it : it.skip;
  afterAll(() => {
    if (mounted) spawnSync('umount', ['-l', mountPoint]);
  });

  itOnSmallDisk('(needs leave to mount a small one) refuses appends and recovers', async () => {
    const dataDir = join(mountPoint, 'data');
    mkdirSync(dataDir);
    const ballast = join(mountPoint, 'ballast');
    writeFileSync(ballast, Buffer.alloc(1_000_000));
    const store = await EmbeddedEventStore.open({ dataDir });
    const pad = 'x'.repeat(50_000);
    let revision = NO_STREAM;
    let outcome = await appendOne(store, 'customer-a', revision, pad);
    while (outcome?.kind === 'appended') {
      revision = outcome.revision;
      outcome = await appendOne(store, 'customer-a', revision, pad);
    }
    expect(outcome).toEqual({ kind: 'full' });
    expect(await store.readStream('customer-a', forwards)).toHaveLength(revision + 1);
    truncateSync(ballast, 0);
    expect(await appendOne(store, 'customer-a', revision, pad)).toMatchObject({
      kind: 'appended',
      revision: revision + 1,
    });
    expect(await store.readStream('customer-a', forwards)).toHaveLength(revision + 2);
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  itOnSmallDisk('holds up the stream index alone, which is made up for', async () => {
    const dataDir = join(mountPoint, 'another');
    mkdirSync(dataDir);
    const ballast = join(mountPoint, 'ballast');
    const onFatal = jest.fn();
    const store = await EmbeddedEventStore.open({ dataDir, onFatal });
    const streams = Array.from({ length: 40 }, (_, i) => `customer-${i}`);
    await Promise.all(streams.map((stream) => appendOne(store, stream, NO_STREAM)));
    fillDisk(ballast);
    expect(await appendOne(store, 'customer-0', 0)).toEqual({ kind: 'full' });
    // It writes the index, or tries to.
    await store.close();
    expect(onFatal).not.toHaveBeenCalled();
    truncateSync(ballast, 0);
    const again = await EmbeddedEventStore.open({ dataDir });
    const stored = await Promise.all(streams.map((stream) => again.readStream(stream, forwards)));
    expect(stored.every((events) => events.length === 1)).toBe(true);
    await again.close();
  });
});

describe('the stream index', () => {
  it.each<[string, (dataDir: string) => void]>([
    ['lost', (dataDir) => rmSync(join(dataDir, 'stream-index.db'))],
    ['garbage', (dataDir) => writeFileSync(join(dataDir, 'stream-index.db'), 'garbage')],
    [
      'of another store',
      (dataDir) => {
        const database = new DatabaseSync(join(dataDir, 'stream-index.db'));
        database.exec("UPDATE progress SET store_id = 'another', position = 1000000");
        database.close();
      },
    ],
    [
      'behind',
      (dataDir) => {
        const database = new DatabaseSync(join(dataDir, 'stream-index.db'));
        database.exec('UPDATE progress SET position = 100');
        database.close();
      },
    ],
  ])('that is %s comes back from the log', async (_name, damage) => {
    const dataDir = aDataDir();
    let store = await EmbeddedEventStore.open({ dataDir });
    for (let revision = NO_STREAM; revision < 299; revision += 1) {
      await Promise.all([
        appendOne(store, 'customer-a', revision),
        appendOne(store, 'customer-b', revision),
      ]);
    }
    await store.close();
    damage(dataDir);
    store = await EmbeddedEventStore.open({ dataDir });
    for (const stream of ['customer-a', 'customer-b']) {
      const stored = await store.readStream(stream, forwards);
      expect(stored.map(({ revision }) => revision)).toEqual(stored.map((_, i) => i));
      expect(stored).toHaveLength(301 - 1);
    }
    expect(await appendOne(store, 'customer-a', 299)).toMatchObject({ revision: 300 });
    expect(await appendOne(store, 'customer-b', 298)).toMatchObject({ kind: 'appended' });
    await store.close();
  });
});

it('streams are found while the stream index is written, and after it', async () => {
  const dataDir = aDataDir();
  // Several steps for each flush, and a flush under way most of the time.
  const store = await EmbeddedEventStore.open({ dataDir, indexFlushEventsMax: 3_000 });
  const streams = Array.from({ length: 3_000 }, (_, i) => `customer-${i}`);
  for (let revision = 0; revision < 4; revision += 1) {
    const appended = await Promise.all(
      streams.map((stream) => appendOne(store, stream, revision - 1)),
    );
    expect(appended.every((outcome) => outcome?.kind === 'appended')).toBe(true);
    const stored = await Promise.all(streams.map((stream) => store.readStream(stream, forwards)));
    expect(stored.every((events) => events.length === revision + 1)).toBe(true);
    expect(stored.every((events, i) => events.every((event) => event.stream === streams[i]))).toBe(
      true,
    );
  }
  await store.close();
  const again = await EmbeddedEventStore.open({ dataDir });
  const stored = await Promise.all(streams.map((stream) => again.readStream(stream, forwards)));
  expect(stored.every((events) => events.length === 4)).toBe(true);
  await again.close();
});

it('a log of a newer format is refused', async () => {
  const dataDir = aDataDir();
  await (await EmbeddedEventStore.open({ dataDir })).close();
  const database = new DatabaseSync(join(dataDir, 'log.db'));
  database.exec('UPDATE store SET format = 2');
  database.close();
  await expect(EmbeddedEventStore.open({ dataDir })).rejects.toThrow(
    'log.db has format 2, this build knows 1; run a newer version',
  );
});

it.each([
  ['gone', 'DELETE FROM log WHERE position = 2'],
  ['of another stream', "UPDATE log SET stream = 'b' WHERE position = 2"],
  ['of another revision', 'UPDATE log SET revision = 7 WHERE position = 2'],
])('an event that is %s is named, and not passed over', async (_what, change) => {
  const dataDir = aDataDir();
  const store = await EmbeddedEventStore.open({ dataDir });
  for (const revision of [NO_STREAM, 0, 1]) await appendOne(store, 'a', revision);
  await store.readStream('a', forwards);
  const log = new DatabaseSync(join(dataDir, 'log.db'), { timeout: 5_000 });
  log.exec(change);
  log.close();
  const reading = store.readStream('a', forwards);
  await expect(reading).rejects.toThrow('the log lacks revision 1 of a at position 2');
  await store.close();
});
