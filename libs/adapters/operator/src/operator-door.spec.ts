// The door through a real socket: what comes in, what goes out, and what is kept out.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callOperatorDoor, OperatorDoorClosedError } from './operator-client';
import { openOperatorDoor, type OperatorDoor, type OperatorDoorOptions } from './operator-door';
import { OperatorRefusal, type OperatorArgs, type OperatorHandlers } from './operator-handler';

const root = mkdtempSync(join(tmpdir(), 'operator-door-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const aFolder = (name = `f${(folders += 1)}`): string => {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  return folder;
};

const failures: unknown[] = [];
async function withDoor(
  handlers: OperatorHandlers,
  use: (dataDir: string, door: OperatorDoor) => Promise<void>,
  more: Partial<OperatorDoorOptions> = {},
): Promise<void> {
  const dataDir = more.dataDir ?? aFolder();
  const onFailure = (_command: string, error: unknown) => failures.push(error);
  const door = await openOperatorDoor({ handlers, onFailure, ...more, dataDir });
  try {
    await use(dataDir, door);
  } finally {
    await door.close();
  }
}

const call = (dataDir: string, command: string, args: OperatorArgs = {}, seen: unknown[] = []) =>
  callOperatorDoor({ dataDir, command, args, onProgress: (progress) => seen.push(progress) });

/** Everything the door sends on a connection that sends `text`. */
function raw(dataDir: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(join(dataDir, 'operator.sock'));
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
    socket.write(text);
  });
}

const echo: OperatorHandlers = { echo: (args) => Promise.resolve(args) };

describe('a command', () => {
  it('comes with its arguments and goes with its result, whatever the characters', async () => {
    await withDoor(echo, async (dataDir) => {
      const args = { text: 'é 💶 "\n\u2028\u0000', list: [1, null, { a: true }] };
      expect(await call(dataDir, 'echo', args)).toEqual(args);
    });
  });

  it('tells its progress before its result', async () => {
    const counting: OperatorHandlers = {
      async *count() {
        for (let done = 1; done <= 3; done += 1) yield await Promise.resolve({ done });
        return 'all';
      },
    };
    await withDoor(counting, async (dataDir) => {
      const seen: unknown[] = [];
      expect(await call(dataDir, 'count', {}, seen)).toBe('all');
      expect(seen).toEqual([{ done: 1 }, { done: 2 }, { done: 3 }]);
    });
  });

  it('that is refused says why; one that fails is also told to the service', async () => {
    const failing: OperatorHandlers = {
      refuse: () => Promise.reject(new OperatorRefusal('NO', 'not today')),
      fail: () => Promise.reject(new Error('disk I/O error')),
    };
    await withDoor(failing, async (dataDir) => {
      failures.length = 0;
      await expect(call(dataDir, 'refuse')).rejects.toMatchObject({
        code: 'NO',
        message: 'not today',
      });
      expect(failures).toEqual([]);
      await expect(call(dataDir, 'fail')).rejects.toThrow('disk I/O error');
      expect(failures).toEqual([new Error('disk I/O error')]);
    });
  });

  it.each(['unknown', 'toString', '__proto__'])('called %s is not known', async (command) => {
    await withDoor(echo, async (dataDir) => {
      await expect(call(dataDir, command)).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' });
    });
  });

  it('whose operator goes away is stopped, and cleans up', async () => {
    const seen: string[] = [];
    let told: () => void = () => undefined;
    const cleaned = new Promise<void>((resolve) => (told = resolve));
    const endless: OperatorHandlers = {
      async *endless(_args, signal) {
        try {
          while (!signal.aborted) {
            await new Promise((resolve) => setImmediate(resolve));
            yield 'x'.repeat(10_000);
          }
          return null;
        } finally {
          seen.push('cleaned');
          told();
        }
      },
    };
    await withDoor(endless, async (dataDir) => {
      const socket = createConnection(join(dataDir, 'operator.sock'));
      socket.write('{"command":"endless","args":{}}\n');
      await new Promise((resolve) => socket.once('data', resolve));
      socket.destroy();
      await cleaned;
    });
    expect(seen).toEqual(['cleaned']);
  });
});

describe('the socket', () => {
  it('is its owner’s only, also in a folder that is not', async () => {
    const dataDir = aFolder();
    chmodSync(dataDir, 0o777);
    await withDoor(
      echo,
      () => {
        expect(statSync(join(dataDir, 'operator.sock')).mode & 0o777).toBe(0o600);
        return Promise.resolve();
      },
      { dataDir },
    );
  });

  it('left by a process that is gone is replaced', async () => {
    const dataDir = aFolder();
    const gone = createServer().listen(join(dataDir, 'operator.sock'));
    await new Promise((resolve) => gone.once('listening', resolve));
    await withDoor(echo, async () => expect(await call(dataDir, 'echo')).toEqual({}), { dataDir });
    gone.close();
  });

  it('in a folder with a path too long for sockets is reached all the same', async () => {
    const dataDir = aFolder(`long/${'d'.repeat(120)}`);
    await withDoor(echo, async () => expect(await call(dataDir, 'echo')).toEqual({}), { dataDir });
    await expect(call(dataDir, 'echo')).rejects.toThrow(OperatorDoorClosedError);
  });

  it('that nobody serves says so', async () => {
    await expect(call(aFolder(), 'echo')).rejects.toThrow(OperatorDoorClosedError);
    await expect(call(join(root, 'absent'), 'echo')).rejects.toThrow(OperatorDoorClosedError);
  });
});

describe('bounds', () => {
  it.each([
    ['no JSON', 'hello\n'],
    ['no object', '[1]\n'],
    ['no arguments', '{"command":"echo"}\n'],
    ['a list of arguments', '{"command":"echo","args":[]}\n'],
    ['a line that is too long', `{"command":"echo","args":{"a":"${'x'.repeat(2_000)}"}}\n`],
    ['a line without an end that is too long', 'x'.repeat(2_000)],
  ])('keep out %s', async (_what, text) => {
    await withDoor(
      echo,
      async (dataDir) => expect(await raw(dataDir, text)).toContain('"INVALID_REQUEST"'),
      { requestLengthMax: 1_000 },
    );
  });

  it('end a connection that sends nothing', async () => {
    await withDoor(
      echo,
      async (dataDir) => expect(await raw(dataDir, '{"comm')).toContain('did not arrive in time'),
      { requestWaitMs: 20 },
    );
  });

  it('refuse more commands at once than agreed, and take the next one after', async () => {
    const release: (() => void)[] = [];
    const waiting: OperatorHandlers = {
      ...echo,
      wait: () => new Promise((resolve) => release.push(() => resolve('done'))),
    };
    await withDoor(
      waiting,
      async (dataDir) => {
        const first = call(dataDir, 'wait');
        const second = call(dataDir, 'wait');
        while (release.length < 2) await new Promise((resolve) => setImmediate(resolve));
        await expect(call(dataDir, 'echo')).rejects.toMatchObject({ code: 'TOO_MANY_COMMANDS' });
        for (const end of release) end();
        expect(await Promise.all([first, second])).toEqual(['done', 'done']);
        expect(await call(dataDir, 'echo')).toEqual({});
      },
      { connectionsMax: 2 },
    );
  });
});

it('closing stops running commands, then nobody is there', async () => {
  const until: OperatorHandlers = {
    wait: (_args, signal) =>
      new Promise((_, reject) => {
        started();
        signal.addEventListener('abort', () => reject(new OperatorRefusal('STOPPED', 'ending')));
      }),
  };
  let started: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (started = resolve));
  await withDoor(until, async (dataDir, door) => {
    const waiting = call(dataDir, 'wait').catch((error: OperatorRefusal) => error.code);
    const idle: Socket = createConnection(join(dataDir, 'operator.sock'));
    idle.on('error', () => undefined);
    await running;
    await door.close();
    expect(await waiting).toBe('STOPPED');
    await expect(call(dataDir, 'wait')).rejects.toThrow(OperatorDoorClosedError);
    idle.destroy();
  });
});
