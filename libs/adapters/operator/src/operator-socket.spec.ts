// Where the door is: who can reach its socket, and what may stand in its place.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callOperatorDoor, OperatorDoorClosedError } from './operator-client';
import { openOperatorDoor } from './operator-door';

const root = mkdtempSync(join(tmpdir(), 'operator-socket-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const handlers = { hello: () => Promise.resolve('world') };
const hello = (dataDir: string) =>
  callOperatorDoor({ dataDir, command: 'hello', args: {}, onProgress: () => undefined });

async function served(dataDir: string, use: () => Promise<unknown>): Promise<unknown> {
  const door = await openOperatorDoor({ dataDir, handlers, onFailure: () => undefined });
  try {
    return await use();
  } finally {
    await door.close();
  }
}

it('is its owner’s only, also in a folder that is not', async () => {
  const dataDir = mkdtempSync(join(root, 'f'));
  chmodSync(dataDir, 0o777);
  const modeOf = () => Promise.resolve(statSync(join(dataDir, 'operator.sock')).mode & 0o777);
  expect(await served(dataDir, modeOf)).toBe(0o600);
});

it('left by a process that is gone is replaced', async () => {
  const dataDir = mkdtempSync(join(root, 'f'));
  const leaving =
    "require('net').createServer().listen('operator.sock', () => process.kill(process.pid, 9))";
  spawnSync(process.execPath, ['-e', leaving], { cwd: dataDir });
  expect(statSync(join(dataDir, 'operator.sock')).isSocket()).toBe(true);
  await expect(hello(dataDir)).rejects.toThrow(OperatorDoorClosedError);
  expect(await served(dataDir, () => hello(dataDir))).toBe('world');
});

it('in a folder with a path too long for sockets is reached all the same', async () => {
  const dataDir = join(root, 'd'.repeat(120));
  mkdirSync(dataDir);
  expect(await served(dataDir, () => hello(dataDir))).toBe('world');
  await expect(hello(dataDir)).rejects.toThrow(OperatorDoorClosedError);
});

it('that nobody serves says so', async () => {
  await expect(hello(mkdtempSync(join(root, 'f')))).rejects.toThrow(OperatorDoorClosedError);
  await expect(hello(join(root, 'absent'))).rejects.toThrow(OperatorDoorClosedError);
});
