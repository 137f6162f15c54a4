// The operator's door of a running service: a socket in DATA_DIR that only its owner can open.
// Whoever holds DATA_DIR may serve it; a socket found there is a leftover of a process that is
// gone.
import type { Json } from '@deltabook/integrity';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { LineSplitter, messageLine, parseDoorRequest, type DoorReply } from './door-messages';
import { OperatorRefusal, runHandler, type OperatorHandlers } from './operator-handler';
import { operatorSocketPath } from './socket-path';

const OWNER_ONLY_UMASK = 0o177;

export interface OperatorDoorOptions {
  readonly dataDir: string;
  readonly handlers: OperatorHandlers;
  /** Told of commands that failed for another reason than a refusal. */
  readonly onFailure: (command: string, error: unknown) => void;
  /** Characters a request may have. */
  readonly requestLengthMax: number;
  /** Commands at once; more are refused. */
  readonly connectionsMax: number;
  /** How long a connection may take to send its request. */
  readonly requestWaitMs: number;
}

export const OPERATOR_DOOR_DEFAULTS = {
  requestLengthMax: 64 * 1024,
  connectionsMax: 8,
  requestWaitMs: 10_000,
} as const;

export interface OperatorDoor {
  /** Takes no more commands, tells running ones to stop, and resolves once they have. */
  close(): Promise<void>;
}

type GivenOptions = Omit<OperatorDoorOptions, keyof typeof OPERATOR_DOOR_DEFAULTS> &
  Partial<OperatorDoorOptions>;

/** Opens the door. Only the process that holds DATA_DIR may call it. */
export async function openOperatorDoor(given: GivenOptions): Promise<OperatorDoor> {
  const options = { ...OPERATOR_DOOR_DEFAULTS, ...given };
  const { path, release } = operatorSocketPath(options.dataDir);
  const connections = new Map<Connection, Promise<void>>();
  const server = createServer((socket) => {
    const connection = new Connection(socket, options);
    const served = connection.serve(connections.size < options.connectionsMax);
    connections.set(connection, served);
    void served.finally(() => connections.delete(connection));
  });
  rmSync(path, { force: true });
  try {
    await listen(server, path);
  } catch (error) {
    release();
    throw error;
  }
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const connection of connections.keys()) connection.stop();
    await Promise.all(connections.values());
    await closed;
    release();
  };
  let closing: Promise<void> | undefined;
  return { close: () => (closing ??= close()) };
}

/** Binds with a mode of 0600 from the first moment: the socket is made within the call. */
async function listen(server: Server, path: string): Promise<void> {
  const listening = once(server, 'listening');
  const umask = process.umask(OWNER_ONLY_UMASK);
  try {
    server.listen(path);
  } finally {
    process.umask(umask);
  }
  await listening;
}

/** One connection: one request and its replies. */
class Connection {
  private readonly stopping = new AbortController();

  constructor(
    private readonly socket: Socket,
    private readonly options: OperatorDoorOptions,
  ) {
    socket.setEncoding('utf8');
    // Errors end in 'close'; without a listener they would end the process.
    socket.on('error', () => undefined);
    socket.once('close', () => this.stop());
  }

  stop(): void {
    this.stopping.abort();
  }

  /** Never rejects; resolves once the connection is over. */
  async serve(admitted: boolean): Promise<void> {
    const reply = admitted ? await this.reply() : tooMany(this.options.connectionsMax);
    if (this.socket.destroyed) return;
    // Whoever does not read the reply in time cannot keep the door from closing.
    this.socket.setTimeout(this.options.requestWaitMs, () => this.socket.destroy());
    this.socket.end(messageLine(reply));
    this.socket.destroySoon();
  }

  private async reply(): Promise<DoorReply> {
    let command = '';
    try {
      const request = parseDoorRequest(await this.requestLine());
      if (!request) throw new OperatorRefusal('INVALID_REQUEST', 'the request is not one');
      ({ command } = request);
      const result = await runHandler(this.options.handlers, command, request.args, {
        signal: this.stopping.signal,
        onProgress: (progress) => this.tell(progress),
      });
      return { result };
    } catch (error) {
      if (error instanceof OperatorRefusal) {
        return { error: { code: error.code, message: error.message } };
      }
      if (!this.stopping.signal.aborted) this.options.onFailure(command, error);
      return { error: { code: 'FAILED', message: messageOf(error) } };
    }
  }

  private requestLine(): Promise<string> {
    const { socket } = this;
    const { requestLengthMax, requestWaitMs } = this.options;
    const splitter = new LineSplitter(requestLengthMax);
    return new Promise((resolve, reject) => {
      const refuse = (why: string): void => reject(new OperatorRefusal('INVALID_REQUEST', why));
      const onData = (chunk: string): void => {
        try {
          const [line] = splitter.take(chunk);
          if (line === undefined) return;
          socket.setTimeout(0);
          socket.off('data', onData);
          resolve(line);
        } catch (error) {
          refuse(messageOf(error));
        }
      };
      socket.on('data', onData);
      socket.once('close', () => refuse('the connection ended before its request'));
      this.stopping.signal.addEventListener('abort', () => refuse('the service is ending'));
      socket.setTimeout(requestWaitMs, () => refuse('the request did not arrive in time'));
    });
  }

  private async tell(progress: Json): Promise<void> {
    const { signal } = this.stopping;
    signal.throwIfAborted();
    if (!this.socket.write(messageLine({ progress }))) await once(this.socket, 'drain', { signal });
  }
}

function tooMany(connectionsMax: number): DoorReply {
  const message = `${connectionsMax} commands are under way already; try again later`;
  return { error: { code: 'TOO_MANY_COMMANDS', message } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
