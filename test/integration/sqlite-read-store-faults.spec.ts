// Read models through crashes in the middle of a transaction and through a full disk.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Emitter, keyHexOf } from '../support/emitting';
import {
  emitAll,
  filesOf,
  openRows,
  rowsOf,
  someDeltas,
  until,
  WAIT_MS,
} from '../support/read-models';
import { fillDisk } from '../support/fill-disk';
import { aDataDir } from '../support/service-process';

const opened: { close(): Promise<void> }[] = [];
/** Closes it after the test, however that ends: a thread left over would hold the run up. */
const closing = <T extends { close(): Promise<void> }>(part: T): T => {
  opened.unshift(part);
  return part;
};
afterEach(async () => {
  for (const part of opened.splice(0)) await part.close();
});

it('a process killed in the middle of a transaction loses no row, counts none twice', async () => {
  const dataDir = aDataDir();
  for (const commits of [1, 2, 9]) {
    const program = join(__dirname, 'projecting-process.js');
    const child = spawn(process.execPath, [program, dataDir, String(commits)], {
      stdio: 'inherit',
    });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
  }
  const events = closing(await EmbeddedEventStore.open({ dataDir }));
  const continued = closing(openRows(events, dataDir));
  const head = await events.head();
  expect(await continued.waitFor(head, WAIT_MS)).toBe(true);
  const { deltas } = await continued.totals('default', 'sandbox');
  expect(deltas).toBeGreaterThan(0);
  await continued.close();
  const rows = rowsOf(dataDir);
  expect(rows[3]).toHaveLength(deltas);
  truncateSync(join(dataDir, filesOf(dataDir)[0] ?? ''), 0);
  const fresh = closing(openRows(events, dataDir));
  expect(await fresh.waitFor(head, WAIT_MS)).toBe(true);
  await fresh.close();
  expect(rowsOf(dataDir)).toEqual(rows);
});

describe('a full disk', () => {
  const mountPoint = aDataDir();
  const options = ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', mountPoint];
  const mounted = spawnSync('mount', options).status === 0;
  const itOnSmallDisk = mounted ? it : it.skip;
  afterAll(() => {
    if (mounted) spawnSync('umount', ['-l', mountPoint]);
  });

  itOnSmallDisk('(needs leave to mount a small one) is waited out', async () => {
    const dataDir = join(mountPoint, 'data');
    mkdirSync(dataDir);
    const ballast = join(mountPoint, 'ballast');
    const events = closing(await EmbeddedEventStore.open({ dataDir: aDataDir() }));
    const emitter = new Emitter(events);
    const rows = closing(openRows(events, dataDir, { retryMs: 10 }));
    // Room for what is made at the start, none for the rows.
    await until(() => rows.progress().ready);
    fillDisk(ballast);
    const head = await emitAll(emitter, someDeltas(4_000, 2_000));
    await until(() => rows.progress().problem !== undefined);
    expect(rows.progress().problem?.code).toBe('STORE_FULL');
    expect(rows.projectedPosition()).toBeLessThan(head);
    truncateSync(ballast, 0);
    expect(await rows.waitFor(head, WAIT_MS)).toBe(true);
    expect(rows.progress().problem).toBeUndefined();
    expect((await rows.totals('default', 'sandbox')).deltas).toBe(4_000);
    for (const i of [0, 1_999, 3_999]) {
      expect(await rows.keyCandidates('', keyHexOf(`key ${i}`))).toHaveLength(1);
    }
  });
});
