// The event store dies under a running service, twice, while clients write: each is answered with
// 201, or 503 and Retry-After; nothing acknowledged is lost or doubled, and the service goes on by
// itself, its verifier included. On the stand-in, and on real nodes where ESDB_HOME has a server.
import { EventStoreDbEventStore } from '@deltabook/adapters/eventstoredb';
import { checkedHistory } from '../support/customer-history';
import { makeCertificates } from '../support/eventstoredb/certificates';
import {
  realNodes,
  standInCluster,
  standInNode,
  type KillableStore,
} from '../support/eventstoredb/killable-store';
import { realServerHome } from '../support/eventstoredb/real-server';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const BALANCE = '/api/v1/balance';
const CLIENTS = 8;
const CUSTOMERS = 5;
const ACKNOWLEDGED_BETWEEN_KILLS = 150;
const KILLS = 2;

const home = realServerHome();
const STORES: [string, () => Promise<KillableStore>][] = [
  ['a stand-in that is started again', standInNode],
  ['the leader of three stand-ins', standInCluster],
];
if (home !== undefined) {
  STORES.push(['a real node that is started again', () => realNodes(home, 1)]);
  const made = makeCertificates();
  const security = made === undefined ? 'without TLS' : 'with TLS';
  STORES.push([`the leader of three real nodes, ${security}`, () => realNodes(home, 3, made)]);
}

interface Acknowledged {
  readonly key: string;
  readonly recordId: string;
  readonly position: string;
}

/** Clients that write with keys, and try again with the same key whatever went wrong. */
class Writing {
  readonly acknowledged: Acknowledged[] = [];
  private sent = 0;
  private over = false;
  private readonly running: Promise<void>[];

  constructor(private readonly service: ServiceProcess) {
    this.running = Array.from({ length: CLIENTS }, () => this.client());
  }

  async end(): Promise<void> {
    this.over = true;
    await Promise.all(this.running);
  }

  private async client(): Promise<void> {
    while (!this.over) {
      this.sent += 1;
      await this.write(this.sent);
    }
  }

  private async write(n: number): Promise<void> {
    const body = { customerId: `cust_${n % CUSTOMERS}`, delta: 1, reason: 'outage' };
    const key = `outage-${n}`;
    for (;;) {
      const reply = await this.service.post(`${BALANCE}/delta`, body, { 'Idempotency-Key': key });
      if (reply.status === 201) {
        this.acknowledged.push({ key, ...(reply.body.data as Omit<Acknowledged, 'key'>) });
        return;
      }
      expect(reply.status).toBe(503);
      expect(reply.headers.has('retry-after')).toBe(true);
    }
  }
}

it.each(STORES)(
  'the store dies under the service: %s',
  async (_name, start) => {
    const killable = await start();
    const { connectionString, caFile = '' } = killable;
    const service = await startService(aDataDir(), {
      EVENT_STORE: connectionString,
      EVENT_STORE_CA_FILE: caFile,
      EVENT_STORE_APPEND_TIMEOUT_MS: '1000',
    });
    const writing = new Writing(service);
    const written = (): Promise<number> => Promise.resolve(writing.acknowledged.length);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await until(written, (count) => count >= kill * ACKNOWLEDGED_BETWEEN_KILLS);
      const { revive } = await killable.killServing();
      await revive();
    }
    const enough = (KILLS + 1) * ACKNOWLEDGED_BETWEEN_KILLS;
    await until(written, (count) => count >= enough);
    await writing.end();
    const store = await EventStoreDbEventStore.open({ connectionString, caFile });
    const records = new Set(writing.acknowledged.map(({ recordId }) => recordId));
    expect(records.size).toBe(writing.acknowledged.length);
    const position = writing.acknowledged
      .map((one) => BigInt(one.position))
      .reduce((a, b) => (a > b ? a : b));
    let stored = 0;
    for (let n = 0; n < CUSTOMERS; n += 1) {
      const path = `${BALANCE}/customers/cust_${n}`;
      const { data } = (
        await until(
          () => service.get(`${path}?minPosition=${position}`),
          ({ status }) => status === 200,
        )
      ).body as { data: { customerReference: string; totalDeltas: number } };
      const history = await checkedHistory(store, data.customerReference);
      expect(data.totalDeltas).toBe(history.length);
      stored += history.length;
    }
    expect(stored).toBe(writing.acknowledged.length);
    await store.close();

    const last = writing.acknowledged.at(-1)?.recordId ?? '';
    await until(
      async () => (await service.get(`${BALANCE}/delta/${last}`)).body.data as { status: string },
      ({ status }) => status === 'VERIFIED',
    );
    const ready = await until(
      () => service.get('/health/ready'),
      ({ status }) => status === 200,
    );
    expect(ready.status).toBe(200);
    await service.stop('SIGTERM');
    await killable.stop();
  },
  240_000,
);
