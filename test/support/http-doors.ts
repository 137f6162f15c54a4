// Doors over buses that answer what a spec says: for specs of what happens at the doors alone.
import {
  createFastify,
  registerHttp,
  type HttpDoors,
  type HttpLimits,
  type HttpParts,
} from '@deltabook/adapters/http';
import type { Principal } from '@deltabook/application';
import { Writable } from 'node:stream';
import pino from 'pino';

export const SECRET = '0123456789abcdef0123456789abcdef';
export const KEY = `pk_test_spec.${SECRET}`;
export const READ_KEY = `pk_test_read.${SECRET}`;
export const OTHER_KEY = `pk_test_other.${SECRET}`;
export const NOW = Date.parse('2026-01-01T12:00:00.000Z');

const principal = (tenant: string, keyId: string, scopes: Principal['scopes']): Principal => ({
  tenant,
  environment: 'sandbox',
  scopes,
  keyId,
});
const PRINCIPALS = new Map<string, Principal>([
  [KEY, principal('acme', 'key_spec', ['read', 'write', 'operate'])],
  [READ_KEY, principal('acme', 'key_read', ['read'])],
  [OTHER_KEY, principal('other', 'key_other', ['read', 'write'])],
]);

export const LIMITS: HttpLimits = {
  requestsInFlightMax: 100,
  requestBytesInFlightMax: 64 * 1024 * 1024,
  bodiesPerTurnMax: 100,
  textRepliesMax: 8,
  textReplyHeldBytesMax: 64 * 1024,
  tenantShareMax: 0.5,
  requestTimeoutMs: 30_000,
  slowRequestMs: 60_000,
  logRequests: false,
};

/** What a bus answers: the commands and queries that it gets are kept. */
export type Answer = (message: unknown) => unknown;

export interface SpecDoors {
  readonly fastify: ReturnType<typeof createFastify>;
  readonly doors: HttpDoors;
  readonly messages: unknown[];
  /** Log lines so far. */
  readonly log: string[];
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  remove(path: string, headers?: Record<string, string>): Promise<Reply>;
}

interface Injected {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly payload: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Injected['headers'];
  readonly body: {
    readonly success: boolean;
    readonly statusCode: number;
    readonly data: Record<string, unknown>;
    readonly error: Record<string, unknown>;
  };
  readonly text: string;
}

export function openDoors(answer: Answer, change: Partial<HttpParts> = {}): SpecDoors {
  const messages: unknown[] = [];
  const log: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString());
      done();
    },
  });
  const execute = (message: unknown): Promise<never> => {
    messages.push(message);
    return Promise.resolve(answer(message) as never);
  };
  const parts: HttpParts = {
    commandBus: { execute },
    queryBus: { execute },
    tenants: {
      authenticate: (key) => PRINCIPALS.get(key),
      keysOf: () => undefined,
      isComplete: () => true,
    },
    now: () => NOW,
    elapsedMs: () => 0,
    processId: 'p',
    limits: LIMITS,
    logger: pino({ level: 'debug' }, sink),
    systemState: () => ({}) as never,
    readiness: () => ({ ready: true, reasons: [], warnings: [] }),
    metrics: () => Promise.resolve(''),
    publicKeys: {
      document: () => Promise.resolve('{}'),
      noteKeys: () => Promise.resolve(undefined),
    },
    ...change,
  };
  const fastify = createFastify(parts);
  const doors = registerHttp(fastify, parts);
  const inject = async (options: object): Promise<Reply> => replyOf(await fastify.inject(options));
  return {
    fastify,
    doors,
    messages,
    log,
    post: (url, body, headers = {}) =>
      inject({
        method: 'POST',
        url,
        headers: { 'x-api-key': KEY, 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (url, headers = {}) => inject({ url, headers: { 'x-api-key': KEY, ...headers } }),
    remove: (url, headers = {}) =>
      inject({ method: 'DELETE', url, headers: { 'x-api-key': KEY, ...headers } }),
  };
}

function replyOf(response: Injected): Reply {
  const { statusCode: status, headers, payload: text } = response;
  const isJson = String(headers['content-type']).startsWith('application/json');
  const body = (isJson ? JSON.parse(text) : {}) as Reply['body'];
  return { status, headers, body, text };
}
