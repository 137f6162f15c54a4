import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { BatchSender, type ItemOutcome, type SenderOptions } from './batch-sender';
import type { BatchItem } from './row-item';

type Step = (items: readonly BatchItem[], request: IncomingMessage) => [number, object] | 'drop';

/** A service that answers request after request as the steps say; the last one goes on for ever. */
async function aService(steps: readonly Step[]): Promise<{ url: string; close: () => void }> {
  let count = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const step = steps[Math.min(count, steps.length - 1)];
    count += 1;
    void text(request).then((body) => {
      const { deltas } = JSON.parse(body) as { deltas: readonly BatchItem[] };
      const answer = step?.(deltas, request) ?? 'drop';
      if (answer === 'drop') return request.socket.destroy();
      response.writeHead(answer[0], { 'Content-Type': 'application/json' });
      return response.end(JSON.stringify(answer[1]));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const answered = (results: readonly object[]): [number, object] => [
  201,
  { success: true, data: { results } },
];
const allQueued: Step = (items) => answered(items.map(() => ({ status: 'QUEUED' })));
const refusal = (code: string, message = code): object => ({
  success: false,
  error: { code, message },
});
const items = (...references: readonly string[]): BatchItem[] =>
  references.map((referenceId) => ({ customerId: 'c1', delta: '1', referenceId }));

async function send(
  steps: readonly Step[],
  batch: readonly BatchItem[],
  options: Partial<SenderOptions> = {},
): Promise<{ outcomes: ItemOutcome[]; retries: string[] }> {
  const retries: string[] = [];
  const service = await aService(steps);
  const sender = new BatchSender({
    url: service.url,
    apiKey: 'pk_test_a.b',
    retryMsMax: 60_000,
    pause: () => Promise.resolve(),
    onRetry: (reason) => retries.push(reason),
    signal: new AbortController().signal,
    ...options,
  });
  try {
    return { outcomes: await sender.send(batch), retries };
  } finally {
    service.close();
  }
}

const kinds = (outcomes: readonly ItemOutcome[]): string[] =>
  outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind));

it('tells accepted, repeated and refused items apart, and sends its key', async () => {
  const step: Step = (_, { headers }) =>
    answered([
      { status: 'QUEUED' },
      { status: 'VERIFIED', idempotent: true },
      { status: 'FAILED', error: 'INVALID_AMOUNT', message: `key ${headers['x-api-key']}` },
    ]);
  const { outcomes } = await send([step], items('a', 'b', 'c'));
  expect(outcomes).toEqual([
    { kind: 'accepted' },
    { kind: 'repeated' },
    { kind: 'refused', code: 'INVALID_AMOUNT', message: 'key pk_test_a.b' },
  ]);
});

it('sends the same batch again while the service is busy or away', async () => {
  const busy: Step = () => [429, refusal('TOO_MANY_REQUESTS')];
  const down: Step = () => [503, refusal('STORE_FULL')];
  const { outcomes, retries } = await send([busy, () => 'drop', down, allQueued], items('a', 'b'));
  expect(kinds(outcomes)).toEqual(['accepted', 'accepted']);
  expect(retries).toHaveLength(3);
  expect(retries[0]).toBe('TOO_MANY_REQUESTS: TOO_MANY_REQUESTS');
  expect(retries[1]).toMatch(/^no answer from http/);
});

it('sends a row without a key under one key, however often it is sent', async () => {
  const keys: unknown[] = [];
  const note =
    (step: Step): Step =>
    (batch, request) => {
      keys.push(batch.map(({ idempotencyKey }) => idempotencyKey));
      return step(batch, request);
    };
  const keyed = { ...items('b')[0], idempotencyKey: 'k' };
  await send([note(() => 'drop'), note(allQueued)], [...items('a'), keyed]);
  expect(keys[0]).toEqual([expect.stringMatching(/^.{20,}$/), 'k']);
  expect(keys[1]).toEqual(keys[0]);
});

it('sends again only items that may be accepted later, in their order', async () => {
  const failed = { status: 'FAILED', error: 'CUSTOMER_OVERLOADED', retryAfterSeconds: 1 };
  const seen: unknown[] = [];
  const note: Step = (batch, request) => {
    seen.push(batch.map(({ referenceId }) => referenceId));
    return allQueued(batch, request);
  };
  const first: Step = () => answered([failed, { status: 'QUEUED' }, failed]);
  const { outcomes } = await send([first, note], items('a', 'b', 'c'));
  expect(kinds(outcomes)).toEqual(['accepted', 'accepted', 'accepted']);
  expect(seen).toEqual([['a', 'c']]);
});

it('finds the item for which a whole batch is refused', async () => {
  const order: unknown[] = [];
  const step: Step = (batch, request) => {
    if (batch.some(({ referenceId }) => referenceId === 'bad')) return [413, refusal('TOO_LARGE')];
    order.push(...batch.map(({ referenceId }) => referenceId));
    return allQueued(batch, request);
  };
  const { outcomes } = await send([step], items('a', 'b', 'c', 'bad', 'd', 'e'));
  expect(kinds(outcomes)).toEqual([
    'accepted',
    'accepted',
    'accepted',
    'TOO_LARGE',
    'accepted',
    'accepted',
  ]);
  expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('stops at once for a wrong key', async () => {
  const step: Step = () => [401, refusal('INVALID_API_KEY', 'The API key is unknown.')];
  await expect(send([step], items('a'))).rejects.toThrow(
    'INVALID_API_KEY: The API key is unknown.',
  );
});

it('stops when the service stays away', async () => {
  const sending = send([() => 'drop'], items('a'), { retryMsMax: 0 });
  await expect(sending).rejects.toThrow('no answer from');
});
