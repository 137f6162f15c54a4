// The other side of the operator's door: sends one command to the service that holds a DATA_DIR.
import type { Json } from '@deltabook/integrity';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { LineSplitter, messageLine, parseDoorReply, type DoorReply } from './door-messages';
import { OperatorRefusal, type OperatorArgs } from './operator-handler';
import { operatorSocketPath } from './socket-path';

/** A reply is a report at most: results of more than this are files. */
const REPLY_LENGTH_MAX = 16 * 1024 * 1024;
const NOBODY_THERE: readonly string[] = ['ENOENT', 'ECONNREFUSED'];

/** Nobody serves the door of this DATA_DIR. */
export class OperatorDoorClosedError extends Error {
  readonly code = 'OPERATOR_DOOR_CLOSED';
  constructor(dataDir: string) {
    super(`no service answers at the operator's socket in DATA_DIR ${dataDir}`);
  }
}

export interface OperatorCall {
  readonly dataDir: string;
  readonly command: string;
  readonly args: OperatorArgs;
  readonly onProgress: (progress: Json) => void;
}

/**
 * The result of the command. Throws OperatorRefusal when the service refuses it,
 * OperatorDoorClosedError when none is there.
 */
export async function callOperatorDoor(call: OperatorCall): Promise<Json> {
  const socket = await connect(call.dataDir);
  socket.setEncoding('utf8');
  socket.write(messageLine({ command: call.command, args: call.args }));
  try {
    for await (const line of linesOf(socket)) {
      const reply = replyOf(line);
      if ('result' in reply) return reply.result;
      call.onProgress(reply.progress);
    }
  } finally {
    socket.destroy();
  }
  throw noReply('the service ended before it answered; look at its log');
}

async function* linesOf(socket: Socket): AsyncGenerator<string> {
  const splitter = new LineSplitter(REPLY_LENGTH_MAX);
  try {
    for await (const chunk of socket) yield* splitter.take(String(chunk));
  } catch (error) {
    throw noReply(error instanceof Error ? error.message : String(error));
  }
}

function replyOf(line: string): Exclude<DoorReply, { error: unknown }> {
  const reply = parseDoorReply(line);
  if (!reply) throw noReply('the service sent a line that is no reply');
  if ('error' in reply) throw new OperatorRefusal(reply.error.code, reply.error.message);
  return reply;
}

function noReply(why: string): OperatorRefusal {
  return new OperatorRefusal('NO_REPLY', why);
}

async function connect(dataDir: string): Promise<Socket> {
  let release = (): void => undefined;
  try {
    const socketPath = operatorSocketPath(dataDir);
    ({ release } = socketPath);
    const socket = createConnection(socketPath.path);
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw NOBODY_THERE.includes(code) ? new OperatorDoorClosedError(dataDir) : error;
  } finally {
    release();
  }
}
