// A small ledger behind HTTP that keeps the promise of idempotency keys and breaks every other: it
// fails before and after recording, breaks replies off, answers twice, or never.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const FAULTS = [
  'unavailable before recording',
  'unavailable after recording',
  'connection lost before recording',
  'connection lost after recording',
  'reply broken off',
  'reply stops half way',
  'never answers',
  'reply sent twice',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface RecordedDelta {
  readonly recordId: string;
  readonly customerId: string;
  readonly delta: number | string;
  readonly idempotencyKey: string | undefined;
}

export interface FaultyLedger {
  readonly baseUrl: string;
  readonly deltas: readonly RecordedDelta[];
  /** Requests that arrived, whatever became of them. */
  readonly requestCount: () => number;
  readonly stop: () => Promise<void>;
}

interface Emitted {
  readonly customerId: string;
  readonly delta: number | string;
}

/** Starts it; `faultOf` says what is wrong with request number n (from 1), if anything. */
export async function startFaultyLedger(
  faultOf: (request: number) => Fault | undefined,
): Promise<FaultyLedger> {
  const deltas: RecordedDelta[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const fault = faultOf(requests);
    void readBody(request).then((body) =>
      answer(request, response, body, fault, (emitted) =>
        record(deltas, emitted, request.headers['idempotency-key'] as string | undefined),
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    deltas,
    requestCount: () => requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function record(
  deltas: RecordedDelta[],
  emitted: Emitted,
  idempotencyKey: string | undefined,
): RecordedDelta {
  const known = deltas.find(
    (delta) => idempotencyKey !== undefined && delta.idempotencyKey === idempotencyKey,
  );
  if (known !== undefined) return known;
  const recordId = `rec_${deltas.length + 1}`;
  const { customerId, delta } = emitted;
  const recorded = { recordId, customerId, delta, idempotencyKey };
  deltas.push(recorded);
  return recorded;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  fault: Fault | undefined,
  toRecord: (emitted: Emitted) => RecordedDelta,
): void {
  if (fault === 'unavailable before recording') return unavailable(response);
  if (fault === 'connection lost before recording') return void request.socket.destroy();
  const text = success(replyTo(request, body, toRecord));
  if (fault === 'unavailable after recording') return unavailable(response);
  if (fault === 'connection lost after recording') return void request.socket.destroy();
  if (fault === 'never answers') return;
  if (fault === 'reply sent twice') return void request.socket.write(rawReply(text).repeat(2));
  sendReply(request, response, text, fault);
}

function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
  fault: Fault | undefined,
): void {
  response.writeHead(201, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  const half = text.slice(0, text.length / 2);
  if (fault === 'reply stops half way') response.write(half);
  else if (fault === 'reply broken off') response.write(half, () => request.socket.destroy());
  else response.end(text);
}

function replyTo(
  request: IncomingMessage,
  body: string,
  toRecord: (emitted: Emitted) => RecordedDelta,
): object {
  const received = JSON.parse(body) as Emitted | { readonly deltas: readonly Emitted[] };
  const queued = (emitted: Emitted): object => ({ ...toRecord(emitted), status: 'QUEUED' });
  if (!('deltas' in received)) return queued(received);
  const results = received.deltas.map((emitted, index) => ({ index, ...queued(emitted) }));
  return { totalQueued: results.length, totalFailed: 0, results };
}

function success(data: object): string {
  return JSON.stringify({ success: true, statusCode: 201, data });
}

function unavailable(response: ServerResponse): void {
  response.writeHead(503, { 'Content-Type': 'application/json' });
  response.end('{"success":false,"statusCode":503,"error":{"code":"STORE_UNAVAILABLE"}}');
}

function rawReply(text: string): string {
  const length = Buffer.byteLength(text);
  const type = 'Content-Type: application/json';
  const head = `HTTP/1.1 201 Created\r\n${type}\r\nContent-Length: ${length}`;
  return `${head}\r\n\r\n${text}`;
}
