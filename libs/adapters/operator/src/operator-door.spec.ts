// The door through a real socket: what comes in, what goes out, and what is kept out.
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callOperatorDoor, OperatorDoorClosedError } from './operator-client';
import { openOperatorDoor, type OperatorDoor, type OperatorDoorOptions } from './operator-door';
import { OperatorRefusal, type OperatorArgs, type OperatorHandlers } from './operator-handler';

const root = mkdtempSync(join(tmpdir(), 'operator-door-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const aFolder = (): string => mkdtempSync(join(root, 'f'));

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

it('a command that tells nothing hears that its operator is gone', async () => {
  let heard: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (heard = resolve));
  const silent: OperatorHandlers = {
    wait: (_args, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          heard();
          resolve(null);
        });
      }),
  };
  const dataDir = aFolder();
  const door = await openOperatorDoor({ dataDir, handlers: silent, onFailure: () => undefined });
  const socket = createConnection(join(dataDir, 'operator.sock'));
  socket.write('{"command":"wait","args":{}}\n');
  socket.end();
  await gone;
  await door.close();
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
