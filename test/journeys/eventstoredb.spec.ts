// The service on EventStoreDB as its users meet it: two processes on one store, racing for the same
// customers and the same keys, restarts, lost read models, a store that goes away. On the stand-in,
// and on a real server where there is one.
import { EventStoreDbEventStore } from '@deltabook/adapters/eventstoredb';
import { rmSync } from 'node:fs';
import { checkedHistory } from '../support/customer-history';
import type { RealServer } from '../support/eventstoredb/real-server';
import { eventStores } from '../support/eventstoredb/stores';
import { ReceiptReader, type ReceiptData } from '../support/receipt-reader';
import {
  aDataDir,
  startService,
  type Reply,
  type ServiceProcess,
} from '../support/service-process';
import { until } from '../support/until';

const BALANCE = '/api/v1/balance';
/** With STORE_RACES=full the races have their full length, and their rates are said. */
const FULL = process.env['STORE_RACES'] === 'full';
/** So many that one round of a process’s clients, refused for contention, is far below the bar. */
const RACING = FULL ? 20_000 : 2_000;
const CLIENTS = 16;
const KEYS = FULL ? 1_000 : 60;
const FULL_TEST_MS = 600_000;

interface Emitted {
  readonly recordId: string;
  readonly sequenceNumber: number;
  readonly position: string;
  readonly idempotent?: true;
}
const emittedIn = (reply: Reply): Emitted => reply.body.data;

describe.each(eventStores())('two processes on EventStoreDB: %s', (_name, start) => {
  const prefix = `journey${process.pid}x${Math.floor(performance.now())}_`;
  const dataDirs = [aDataDir(), aDataDir()] as const;
  let server: RealServer;
  let services: ServiceProcess[];
  const environment = (): Record<string, string> => ({
    EVENT_STORE: server.connectionString,
    EVENT_STORE_PREFIX: prefix,
  });
  const serviceOf = (n: number): ServiceProcess => services[n % 2] as ServiceProcess;
  const emit = (n: number, body: object, key?: string): Promise<Reply> =>
    serviceOf(n).post(
      `${BALANCE}/delta`,
      body,
      key === undefined ? {} : { 'Idempotency-Key': key },
    );

  async function historyOf(customerId: string): ReturnType<typeof checkedHistory> {
    const one = await serviceOf(0).get(`${BALANCE}/customers/${customerId}`);
    const { customerReference } = one.body.data as { customerReference: string };
    const { connectionString } = server;
    const options = { connectionString, streamPrefix: prefix };
    const store = await EventStoreDbEventStore.open(options);
    try {
      return await checkedHistory(store, customerReference);
    } finally {
      await store.close();
    }
  }

  beforeAll(async () => {
    server = await start();
    services = [];
    // One after the other: the first one makes the installation and its key.
    for (const dataDir of dataDirs) services.push(await startService(dataDir, environment()));
  }, 180_000);
  afterAll(async () => {
    for (const service of services) await service.stop('SIGTERM');
    await server.stop();
  });

  it('what one process acknowledged, the other one reads at its position', async () => {
    const body = { customerId: 'cust_001', delta: 500, reason: 'initial_deposit' };
    const { position } = emittedIn(await emit(0, body));
    const read = await serviceOf(1).get(`${BALANCE}/customers/cust_001?minPosition=${position}`);
    expect(read.body).toMatchObject({ data: { totalDeltas: 1, computedBalance: 500 } });
    const listed = await serviceOf(1).get(`${BALANCE}/customers`);
    expect(listed.body).toMatchObject({ data: { customers: [{ customerId: 'cust_001' }] } });
  });

  it('receipts of both processes hold under the one key that signs', async () => {
    for (const at of [0, 1]) {
      const reader = await ReceiptReader.of(serviceOf(at), 'proven');
      await reader.emit(5);
      await until(
        async () => (await reader.receipt('')).body.data as ReceiptData | undefined,
        (data) => data?.deltasCount === at + 1,
      );
      const { deltas, period } = await reader.verified('');
      expect([deltas.length, period?.closing]).toEqual([at + 1, String(5 * (at + 1))]);
    }
  });

  async function race(customerId: string, processes: 1 | 2): Promise<readonly Reply[]> {
    let next = 0;
    let slowestMs = 0;
    const startMs = performance.now();
    const replies: Reply[] = [];
    const client = async (n: number): Promise<void> => {
      while (next < RACING) {
        next += 1;
        const sentMs = performance.now();
        replies.push(await emit(n % processes, { customerId, delta: next, reason: 'race' }));
        slowestMs = Math.max(slowestMs, performance.now() - sentMs);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n)));
    const perSecond = Math.round((RACING * 1_000) / (performance.now() - startMs));
    const refused = replies.filter(({ status }) => status !== 201).length;
    if (FULL) {
      process.stderr.write(
        `${processes} of 2 processes: ${RACING} writes to one customer, ${perSecond} a second, ` +
          `${refused} refused, slowest ${Math.round(slowestMs)} ms\n`,
      );
    }
    return replies;
  }

  it(
    'writes that race for one customer are all there, once each and in one chain',
    async () => {
      // What one process does alone is there to be compared with.
      if (FULL) await race('alone', 1);
      const replies = await race('hot', 2);
      const acknowledged = replies.filter(({ status }) => status === 201).map(emittedIn);
      const refused = replies.filter(({ status }) => status !== 201);
      expect(
        refused.every(({ status, headers }) => status === 503 && headers.has('retry-after')),
      ).toBe(true);
      expect(acknowledged.length).toBeGreaterThanOrEqual(RACING * 0.99);
      const history = await historyOf('hot');
      expect(history).toHaveLength(acknowledged.length);
      const sequences = acknowledged
        .map(({ sequenceNumber }) => sequenceNumber)
        .sort((a, b) => a - b);
      expect(sequences).toEqual(history.map((_, i) => i + 1));
    },
    FULL_TEST_MS,
  );

  it(
    'one key at both processes at once has one effect and the right replies',
    async () => {
      for (let n = 0; n < KEYS; n += 1) {
        const same = { customerId: 'keyed', delta: 1, reason: 'same' };
        const replies = await Promise.all([0, 1].map((at) => emit(at, same, `same-${n}`)));
        expect(replies.map(({ status }) => status).sort()).toEqual([201, 201]);
        const records = replies.map(emittedIn);
        expect(new Set(records.map(({ recordId }) => recordId)).size).toBe(1);
        expect(records.filter(({ idempotent }) => idempotent === true)).toHaveLength(1);
        const others = await Promise.all(
          [0, 1].map((at) => emit(at, { ...same, delta: at + 1 }, `other-${n}`)),
        );
        expect(others.map(({ status }) => status).sort()).toEqual([201, 409]);
      }
      expect(await historyOf('keyed')).toHaveLength(2 * KEYS);
    },
    FULL_TEST_MS,
  );

  it('a process that is killed and loses its read models comes back to the same', async () => {
    const before = await serviceOf(1).get(`${BALANCE}/customers/hot`);
    await serviceOf(0).stop('SIGKILL');
    rmSync(dataDirs[0], { recursive: true });
    services[0] = await startService(dataDirs[0], environment());
    const { position } = before.body.data as { position: string };
    const after = await serviceOf(0).get(`${BALANCE}/customers/hot?minPosition=${position}`);
    expect({ ...after.body, data: { ...(after.body.data as object), position } }).toEqual(
      before.body,
    );
  });

  it('a second process on the same DATA_DIR does not start', async () => {
    await expect(startService(dataDirs[0], environment())).rejects.toThrow(
      /is used by another process/,
    );
  });
});

it.each([
  ['esdb:/127.0.0.1', /setting EVENT_STORE must be/],
  ['esdb://127.0.0.1:1?tls=maybe', /option tls must be true or false/],
  ['esdb://127.0.0.1:1?tls=false', /EventStoreDB at 127\.0\.0\.1:1 cannot be reached/],
])('the service does not start on %s and says why in one line', async (text, what) => {
  const starting = startService(aDataDir(), { EVENT_STORE: text });
  const error = (await starting.catch((thrown: unknown) => thrown)) as Error;
  const [ended, ...lines] = error.message.split('\n');
  expect(ended).toBe('the service ended with 1:');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(what);
});
