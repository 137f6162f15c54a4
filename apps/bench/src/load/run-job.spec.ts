import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { LoadJob } from './load-job';
import { JobRun } from './run-job';

interface Item {
  readonly customerId: string;
  readonly delta: number;
}

const items: Item[] = [];
const keys: string[] = [];
const urls: string[] = [];
let answer: (response: ServerResponse) => void;
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const parsed = (body === '' ? {} : JSON.parse(body)) as Item & { deltas?: readonly Item[] };
      items.push(...(parsed.deltas ?? [parsed]));
      const key = request.headers['idempotency-key'];
      if (typeof key === 'string') keys.push(key);
      urls.push(request.url ?? '');
      answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  items.length = 0;
  keys.length = 0;
  urls.length = 0;
});

const job = (changes: Partial<LoadJob>): LoadJob => ({
  port: (server.address() as AddressInfo).port,
  apiKey: 'k',
  kind: 'single',
  customers: { prefix: 'c', count: 3 },
  batchSize: 1,
  connections: 4,
  seconds: 0,
  requestCount: 50,
  keyPrefix: 'spec',
  seed: 7,
  ...changes,
});

/** Sums of what the server saw, by the customer's number. */
function seen(): number[] {
  const sums = [0, 0, 0];
  for (const { customerId, delta } of items) {
    const customer = Number(customerId.slice(1));
    sums[customer] = (sums[customer] ?? 0) + delta;
  }
  return sums;
}

it('writes down what was acknowledged, each with a key of its own', async () => {
  answer = (response) => void response.writeHead(201, { 'Content-Length': 2 }).end('{}');
  const result = await new JobRun(job({})).run();
  expect(result.statuses).toEqual({ 201: 50 });
  expect([...result.acknowledged.sums]).toEqual(seen());
  expect(new Set(keys).size).toBe(50);
});

it('counts all items of a batch, and reads answers that come in pieces', async () => {
  const body = `{"totalQueued":20,"totalFailed":0,"pad":"${'x'.repeat(200_000)}"}`;
  answer = (response) => {
    response.writeHead(201, { 'Content-Length': body.length });
    response.write(body.slice(0, 40));
    setImmediate(() => response.end(body.slice(40)));
  };
  const result = await new JobRun(job({ kind: 'batch', batchSize: 20, requestCount: 10 })).run();
  expect(result.statuses).toEqual({ 201: 10 });
  expect(result.replyBytes).toBe(body.length);
  expect([...result.acknowledged.sums]).toEqual(seen());
  expect(result.acknowledged.counts.reduce((sum, n) => sum + n, 0)).toBe(200);
});

it('does not take a refusal or a lost connection for an acknowledgement', async () => {
  let count = 0;
  answer = (response) => {
    count += 1;
    if (count === 10) response.socket?.destroy();
    else response.writeHead(count > 5 ? 429 : 201, { 'Content-Length': 2 }).end('{}');
  };
  const result = await new JobRun(job({ connections: 1, requestCount: 12 })).run();
  expect(result.statuses).toEqual({ 201: 5, 429: 4, 0: 3 });
  expect(result.acknowledged.counts.reduce((sum, n) => sum + n, 0)).toBe(5);
});

it('at a fixed rate, measures from when a request was due', async () => {
  answer = (response) => void response.writeHead(200, { 'Content-Length': 2 }).end('{}');
  const rated = { kind: 'read', ratePerSecond: 200, requestCount: 40, connections: 1 } as const;
  const result = await new JobRun(job(rated)).run();
  expect(result.requests).toBeGreaterThanOrEqual(40);
  expect(result.seconds).toBeGreaterThan(0.19);
  expect(result.latencies.max).toBeGreaterThanOrEqual(result.latencies.p50);
});

it('reaches every customer once before any twice, when they come in turn', async () => {
  answer = (response) => void response.writeHead(201, { 'Content-Length': 2 }).end('{}');
  const customers = { prefix: 'c', count: 50, areInTurn: true };
  await new JobRun(job({ customers })).run();
  expect(new Set(items.map(({ customerId }) => customerId)).size).toBe(50);
});

it('lists every page there is, and searches for pieces of customer IDs', async () => {
  answer = (response) => void response.writeHead(200, { 'Content-Length': 2 }).end('{}');
  const customers = { prefix: 'cust_', count: 60 };
  await new JobRun(job({ kind: 'list', customers })).run();
  const valuesOf = (name: string): ReadonlySet<string | null> =>
    new Set(urls.map((url) => new URL(url, 'http://localhost').searchParams.get(name)));
  expect([...valuesOf('page')].sort()).toEqual(['1', '2', '3']);
  expect(valuesOf('sortBy').size).toBe(5);
  urls.length = 0;
  await new JobRun(job({ kind: 'search', customers })).run();
  const pieces = [...valuesOf('search')].map(String);
  expect(pieces.length).toBeGreaterThan(10);
  const customerIds = Array.from({ length: 60 }, (_, n) => `cust_${n}`).join(' ');
  for (const piece of pieces) expect(customerIds).toContain(piece);
  for (const piece of pieces) expect(piece.length).toBeGreaterThanOrEqual(2);
});
