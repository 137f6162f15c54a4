// GET /api/v1/balance/events as a client of server-sent events follows it: who comes back with
// the last id that it saw gets what came meanwhile, each event once.
import { aDataDir, API_KEY, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const EVENTS = '/api/v1/balance/events';
let service: ServiceProcess;

beforeAll(async () => {
  service = await startService(aDataDir(), { SLOW_REQUEST_MS: '1', LOG_REQUESTS: 'true' });
});
afterAll(() => service.stop('SIGTERM'));

interface Seen {
  readonly id: string;
  readonly type: string;
  readonly sequenceNumber: number;
}

async function emit(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const body = { customerId: 'cust_001', delta: 1, reason: 'usage' };
    await service.post('/api/v1/balance/delta', body);
  }
}

/** Follows the stream until so many deltas were recorded, then goes away. */
async function follow(lastEventId: string, count: number): Promise<readonly Seen[]> {
  const leaving = new AbortController();
  const headers = { 'X-Api-Key': API_KEY, 'Last-Event-ID': lastEventId };
  const { signal } = leaving;
  const response = await fetch(`${service.baseUrl}${EVENTS}`, { headers, signal });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const seen: Seen[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    const whole = text.split('\n\n');
    text = whole.pop() ?? '';
    seen.push(...whole.flatMap(eventOf));
    if (recorded(seen).length >= count) break;
  }
  leaving.abort();
  return seen;
}

function eventOf(block: string): readonly Seen[] {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  if (field('data') === '') return [];
  const { type, sequenceNumber } = JSON.parse(field('data')) as Seen;
  expect(field('event')).toBe(type);
  return [{ id: field('id'), type, sequenceNumber }];
}

const recorded = (seen: readonly Seen[]): readonly number[] =>
  seen.filter(({ type }) => type === 'delta.recorded').map((event) => event.sequenceNumber);

it('goes on after Last-Event-ID without a gap and without a repeat', async () => {
  await emit(5);
  const first = await follow('0', 3);
  expect(recorded(first).slice(0, 3)).toEqual([1, 2, 3]);
  const last = first.findLast(({ id }) => id !== '');
  const had = Math.max(...recorded(first.slice(0, first.lastIndexOf(last as Seen) + 1)));
  const returning = follow(last?.id ?? '', 8 - had);
  await emit(3);
  const expected = Array.from({ length: 8 - had }, (_, n) => had + n + 1);
  expect(recorded(await returning)).toEqual(expected);
});

it('refuses an id that is no position', async () => {
  const { status, body } = await service.get(EVENTS, { 'Last-Event-ID': 'yesterday' });
  expect([status, body.error]).toEqual([400, expect.objectContaining({ field: 'Last-Event-ID' })]);
});

it('is not called slow for lasting as long as its reader stays', async () => {
  await emit(1);
  await follow('0', 1);
  const streamsOf = (output: string): readonly string[] =>
    output.split('\n').filter((line) => /"operation":"balanceEvents".*"status":200/.test(line));
  const lines = await until(
    () => Promise.resolve(streamsOf(service.output())),
    (found) => found.length > 0,
  );
  expect(lines.filter((line) => line.includes('request slow'))).toEqual([]);
});
