// Deltas become VERIFIED, heads are signed with a key that anyone can fetch, and a history that was
// tampered with fences its customer alone.
import { parseSealEvent, type LogHeadSigned } from '@deltabook/domain';
import { openLogHead, parseKeysJson, verifyKeyChain } from '@deltabook/integrity';
import { DatabaseSync } from '@photostructure/sqlite';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { noteKeys, verifierCrypto } from '../support/note-keys';
import {
  aDataDir,
  startService,
  type Reply,
  type ServiceProcess,
} from '../support/service-process';
import { until } from '../support/until';

const BALANCE = '/api/v1/balance';
const SEALS = 'seals-default-sandbox';
const OWNER_ONLY = 0o600;
const PERMISSIONS = 0o777;

const dataDir = aDataDir();
let service: ServiceProcess;

interface DeltaData {
  readonly recordId: string;
  readonly receiptId: string;
  readonly status: string;
  readonly position: string;
}

async function emit(customerId: string, delta: number, key: string): Promise<DeltaData> {
  const body = { customerId, delta, reason: 'usage' };
  const reply = await service.post(`${BALANCE}/delta`, body, { 'Idempotency-Key': key });
  return reply.body.data;
}

const read = async (recordId: string): Promise<DeltaData & { fenced?: boolean }> =>
  (await service.get(`${BALANCE}/delta/${recordId}`)).body.data;

const verified = (recordId: string) =>
  until(
    () => read(recordId),
    ({ status }) => status === 'VERIFIED',
  );

/** Events of the seal log as they are stored. */
function sealEvents(): { type: string; data: string }[] {
  const log = new DatabaseSync(join(dataDir, 'log.db'), { readOnly: true });
  try {
    const select = log.prepare('SELECT type, data FROM log WHERE stream = ? ORDER BY position');
    const rows: unknown = select.all(SEALS);
    return rows as { type: string; data: string }[];
  } finally {
    log.close();
  }
}

const newestHead = (): LogHeadSigned | undefined =>
  sealEvents()
    .map(({ type, data }) => parseSealEvent(type, data))
    .findLast((event) => event.type === 'LogHeadSigned');

const sealCount = (): number =>
  sealEvents()
    .map(({ type, data }) => parseSealEvent(type, data))
    .reduce((sum, event) => (event.type === 'DeltasVerified' ? sum + event.heads.length : sum), 0);

/** Once every seal is covered by a signed head. */
const signedHead = (): Promise<LogHeadSigned | undefined> =>
  until(
    () => Promise.resolve(newestHead()),
    (head) => head !== undefined && head.size === sealCount(),
  );

function changeLog(sql: string): void {
  const log = new DatabaseSync(join(dataDir, 'log.db'));
  log.exec(sql);
  log.close();
}

function deleteVerification(): void {
  for (const suffix of ['', '-wal', '-shm']) deleteFile(`verification.db${suffix}`);
}

const deleteFile = (name: string): void => rmSync(join(dataDir, name), { force: true });

describe('verification', () => {
  beforeAll(async () => {
    service = await startService(dataDir);
  });
  afterAll(async () => {
    await service.stop('SIGTERM');
  });

  it('a delta is QUEUED in the reply, then VERIFIED, and so is its repeat', async () => {
    const emitted = await emit('alice', 5, 'k1');
    expect(emitted.status).toBe('QUEUED');
    await verified(emitted.recordId);
    expect(await emit('alice', 5, 'k1')).toMatchObject({ idempotent: true, status: 'VERIFIED' });
    const summary = await service.get(`${BALANCE}/customers/summary`);
    const verification = { recorded: 1, projected: 1, queued: 0, verified: 1, fencedCustomers: 0 };
    expect(summary.body.data).toMatchObject({ verification });
  });

  it('the head is signed by a key of the chain that anyone can read', async () => {
    const reply = await fetch(`${service.baseUrl}/.well-known/deltabook-keys`);
    const chain = parseKeysJson(await reply.json());
    if (!chain.ok) throw new Error(chain.problem);
    expect(verifyKeyChain(chain.value, [], verifierCrypto)).toMatchObject({ ok: true });
    const head = await signedHead();
    expect(openLogHead(head?.note ?? '', await noteKeys(service), verifierCrypto)).toMatchObject({
      ok: true,
      head: { origin: 'deltabook/default-sandbox', size: head?.size },
    });
    expect(JSON.stringify(chain.value)).not.toContain('default');
    const mode = statSync(join(dataDir, 'signing-key.pem')).mode & PERMISSIONS;
    expect(mode).toBe(OWNER_ONLY);
    const foreign = `${service.baseUrl}/.well-known/deltabook-keys?origin=other/default-sandbox`;
    expect((await fetch(foreign)).status).toBe(404);
  });

  it('goes on after a kill, and signs what was sealed and not yet signed', async () => {
    const emitted = await emit('bob', 7, 'k2');
    await verified(emitted.recordId);
    await signedHead();
    await service.stop('SIGKILL');
    // As if it had died between the two events: the file beside the key is ahead of the log.
    const sealed = sealCount();
    changeLog(`DELETE FROM log WHERE position = (SELECT max(position) FROM log)`);
    deleteVerification();
    deleteFile('stream-index.db');
    service = await startService(dataDir);
    expect((await signedHead())?.size).toBe(sealed);
    await verified((await emit('bob', 1, 'k3')).recordId);
  });

  it('a tampered history fences its customer alone, from the first bad delta on', async () => {
    const first = await emit('mallory', 1, 'm1');
    const second = await emit('mallory', 2, 'm2');
    await verified(second.recordId);
    await service.stop('SIGTERM');
    changeLog(
      `UPDATE log SET data = replace(data, '"delta":"2"', '"delta":"3"')
       WHERE type = 'DeltaEmitted' AND data LIKE '%"delta":"2"%'`,
    );
    deleteVerification();
    service = await startService(dataDir);
    const failed = await until(
      () => read(second.recordId),
      ({ fenced }) => fenced === true,
    );
    expect(failed.status).toBe('FAILED');
    expect((await read(first.recordId)).status).toBe('VERIFIED');
    const refused = async (promise: Promise<Reply>): Promise<void> =>
      expect(await promise).toMatchObject({
        status: 409,
        body: { error: { code: 'CUSTOMER_FENCED' } },
      });
    await refused(service.get(`${BALANCE}/customers/mallory`));
    await refused(service.get(`${BALANCE}/receipt/mallory`));
    await refused(service.get(`${BALANCE}/tree/mallory`));
    const gaps = await service.get(`${BALANCE}/gaps/mallory`);
    expect(gaps).toMatchObject({ status: 200, body: { data: { fenced: true } } });
    const root = await fetch(`${service.baseUrl}/api/v1/verify/${first.receiptId}`);
    expect(await root.json()).toMatchObject({ data: { verified: false } });
    const body = { customerId: 'mallory', delta: 1, reason: 'usage' };
    await refused(service.post(`${BALANCE}/delta`, body));
    await verified((await emit('alice', 1, 'k4')).recordId);
    await until(
      async () => (await fetch(`${service.baseUrl}/metrics`)).text(),
      (metrics) => /^deltabook_customers_fenced 1$/m.test(metrics),
    );
    expect(service.output()).toContain('a history failed: customer fenced');
  });
});
