// The audit over a real log and real rows: in parts as well as at once, rows that are gone or too
// many, seals that are not those that were signed, and what is served of tenants.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SignedHeadFolder, type Ed25519Signer } from '@deltabook/adapters/node-crypto';
import { ServedReadModel, type SqliteReadStore } from '@deltabook/adapters/sqlite';
import { auditAll, auditCustomer, type AuditParts, type AuditReport } from '@deltabook/application';
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { auditPartsOf } from '../support/audit-parts';
import { Emitter, referenceOf } from '../support/emitting';
import { emitAll, filesOf, openRows, someDeltas, WAIT_MS } from '../support/read-models';
import { aDataDir } from '../support/service-process';
import { beginSigned, verifyAll } from '../support/verifying';

const CUSTOMERS = 30;
const SEALS = 'seals-default-sandbox';
const SCOPE = { tenant: 'default', environment: 'sandbox' } as const;

const dataDir = aDataDir();
const heads = new SignedHeadFolder(aDataDir());
let store: EmbeddedEventStore;
let rows: SqliteReadStore;
let signer: Ed25519Signer;

beforeAll(async () => {
  store = await EmbeddedEventStore.open({ dataDir });
  signer = await beginSigned(store, join(dataDir, 'signing-key.pem'));
  const emitter = new Emitter(store);
  await emitAll(emitter, someDeltas(500, CUSTOMERS));
  await emitter.checkpoint({ customerId: 'cust_1', period: '2026-01' });
  await verifyAll(store, signer, heads);
  rows = openRows(store, dataDir);
  await rows.waitFor(await store.head(), WAIT_MS);
});
afterAll(async () => {
  await rows.close();
  await store.close();
});

async function audited<T>(
  work: (parts: AuditParts) => Promise<T>,
  change: Partial<AuditParts> = {},
): Promise<T> {
  const served = ServedReadModel.open(dataDir, store.storeId);
  try {
    return await work(auditPartsOf({ log: store, rows: served }, heads, change));
  } finally {
    served?.close();
  }
}

const whole = (change: Partial<AuditParts> = {}): Promise<AuditReport> =>
  audited((parts) => auditAll(parts), change);

function change(file: string, sql: string, ...values: (string | number)[]): void {
  const database = new DatabaseSync(join(dataDir, file), { timeout: 5_000 });
  database.prepare(sql).run(...values);
  database.close();
}

const changeRows = (sql: string, ...values: string[]): void =>
  change(filesOf(dataDir).at(-1) ?? '', sql, ...values);

const found = ({ findings }: AuditReport): string[] =>
  findings.map(({ code, customer }) => `${code} ${customer?.customerId ?? ''}`.trim()).sort();

it('finds nothing where nothing is wrong, in one part or in many', async () => {
  const shares: number[] = [];
  const atOnce = await whole({ onProgress: (share) => shares.push(share) });
  expect(atOnce).toMatchObject({ deltas: 500, seals: atOnce.customers, findingCount: 0 });
  expect(shares.at(-1)).toBe(1);
  expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  expect(await whole({ customersMax: 2 })).toEqual(atOnce);
  const withoutRows = await whole({ rows: undefined });
  expect(withoutRows).toEqual({ ...atOnce, rowsCompared: false });
});

it.each([1_000, 2])(
  'names each row that is not the history’s, %d customers at once',
  async (max) => {
    const [altered, gone] = ['cust_1', 'cust_4'];
    const other = `0x${'ab'.repeat(20)}`;
    changeRows('CREATE TABLE kept AS SELECT * FROM customer');
    changeRows('CREATE TABLE kept_verified AS SELECT * FROM customer_verified');
    changeRows('CREATE TABLE stranger AS SELECT * FROM customer WHERE customer_id = ?', altered);
    changeRows('UPDATE stranger SET reference = ?', other);
    changeRows('INSERT INTO customer SELECT * FROM stranger');
    changeRows('DROP TABLE stranger');
    changeRows('UPDATE customer SET customer_id = ? WHERE reference = ?', 'stranger', other);
    changeRows(
      'INSERT OR REPLACE INTO customer_verified SELECT no, 1, sealed_at, sealed_root' +
        ' FROM customer JOIN customer_verified USING (no) WHERE customer_id = ?',
      altered,
    );
    const resealed = '(SELECT no FROM customer WHERE customer_id = ?)';
    changeRows(`UPDATE customer_verified SET sealed_root = '0x' WHERE no = ${resealed}`, 'cust_6');
    changeRows('DELETE FROM customer WHERE customer_id = ?', gone);
    const report = await whole({ customersMax: max });
    changeRows('DELETE FROM customer');
    changeRows('INSERT INTO customer SELECT * FROM kept');
    changeRows('DROP TABLE kept');
    changeRows('INSERT OR REPLACE INTO customer_verified SELECT * FROM kept_verified');
    changeRows('DROP TABLE kept_verified');
    expect(found(report)).toEqual([
      'ROW_DIFFERS cust_1',
      'ROW_DIFFERS cust_6',
      'ROW_MISSING cust_4',
      'ROW_WITHOUT_HISTORY stranger',
    ]);
    expect(await whole()).toMatchObject({ findingCount: 0 });
  },
);

it('one customer’s audit looks at that customer alone', async () => {
  const altered = '(SELECT no FROM customer WHERE customer_id = ?)';
  changeRows(`UPDATE customer_sums SET balance_nano = '1' WHERE no = ${altered}`, 'cust_1');
  const hexOf = (customerId: string): string => referenceOf({ customerId }).slice(2).toLowerCase();
  const one = await audited((parts) => auditCustomer(hexOf('cust_1'), parts));
  const another = await audited((parts) => auditCustomer(hexOf('cust_4'), parts));
  const nobody = await audited((parts) => auditCustomer('00'.repeat(20), parts));
  // Built anew from the log, all is well again.
  await rows.rebuild();
  expect(found(one.report)).toEqual(['ROW_DIFFERS cust_1']);
  expect(another).toMatchObject({ report: { customers: 1, findingCount: 0 } });
  expect(nobody).toMatchObject({ customer: undefined, report: { customers: 0 } });
  expect(await whole()).toMatchObject({ findingCount: 0 });
});

it('a checkpoint that locks another balance than the history led to fails it', async () => {
  const where = "type = 'CheckpointCommitted'";
  change(
    'log.db',
    `UPDATE log SET data = replace(data, '"balance":"', '"balance":"1') WHERE ${where}`,
  );
  const report = await whole();
  change(
    'log.db',
    `UPDATE log SET data = replace(data, '"balance":"1', '"balance":"') WHERE ${where}`,
  );
  expect(found(report)).toEqual(['HISTORY_FAILS cust_1']);
  expect(report.findings[0]?.what).toContain('CHECKPOINT_MISMATCH');
});

it('names whose checkpoints are served other than the history has them', async () => {
  changeRows('CREATE TABLE kept_checkpoint AS SELECT * FROM checkpoint');
  changeRows("UPDATE checkpoint SET balance_nano = balance_nano || '0'");
  const altered = await whole();
  changeRows('DELETE FROM checkpoint');
  const gone = await whole();
  changeRows('INSERT INTO checkpoint SELECT * FROM kept_checkpoint');
  changeRows('DROP TABLE kept_checkpoint');
  expect([found(altered), found(gone)]).toEqual([['ROW_DIFFERS cust_1'], ['ROW_DIFFERS cust_1']]);
  const texts = [altered, gone].flatMap(({ findings }) => findings.map(({ what }) => what));
  expect(texts).toEqual([
    'a checkpoint is served altered',
    '0 checkpoints are served, 1 are in the log',
  ]);
  expect(await whole()).toMatchObject({ findingCount: 0 });
});

it('names what is served of tenants and the installation and is not in the log', async () => {
  changeRows("UPDATE directory_event SET data = replace(data, 'deltabook', 'other')");
  const report = await whole();
  changeRows("UPDATE directory_event SET data = replace(data, 'other', 'deltabook')");
  expect(report.findings).toMatchObject([
    { code: 'DIRECTORY_DIFFERS', what: 'revision 0 of installation is served altered' },
  ]);
});

it('seals that are not those that were signed accuse the seal log, and no customer', async () => {
  const where = "stream = ? AND type = 'DeltasVerified'";
  const swap = (from: string, to: string): void =>
    change(
      'log.db',
      `UPDATE log SET data = replace(data, '${from}', '${to}') WHERE ${where}`,
      SEALS,
    );
  swap('2026-02-01', '2026-02-02');
  const { findings } = await whole();
  swap('2026-02-02', '2026-02-01');
  expect(findings).toMatchObject([
    { code: 'SEAL_LOG_FAILS', what: expect.stringContaining('are not those of the signed head') },
  ]);
});

it('a head beside the key that the log does not lead to is found', async () => {
  const note = heads.read(SCOPE) ?? '';
  const [, size = ''] = note.split('\n');
  const ahead = note.replace(`\n${size}\n`, `\n${Number(size) + 1}\n`);
  const { findings } = await whole({ keptNote: () => ahead });
  expect(findings.map(({ what }) => what)).toEqual([
    `${SEALS}: ${Number(size) + 1} seals were signed and ${size} are stored`,
  ]);
});

it('a head that is signed while the audit runs is no finding', async () => {
  const emitter = new Emitter(store);
  let isSigned = false;
  const keptNote: AuditParts['keptNote'] = (scope) => heads.read(scope);
  const log: AuditParts['log'] = {
    follow: (options) => store.follow(options),
    head: async () => {
      const head = await store.head();
      if (!isSigned) {
        isSigned = true;
        await emitter.emit({ customerId: 'late', nano: 1n });
        await verifyAll(store, signer, heads);
      }
      return head;
    },
  };
  expect(await whole({ log, keptNote, rows: undefined })).toMatchObject({ findingCount: 0 });
  expect(isSigned).toBe(true);
});

it('ends when it is told to', async () => {
  const abort = new AbortController();
  const ending = whole({ signal: abort.signal, pace: () => Promise.resolve(abort.abort()) });
  await expect(ending).rejects.toThrow('aborted');
});

it('names both customers of whom events changed places in the log', async () => {
  const [left, right] = ['left', 'right'] as const;
  const emitter = new Emitter(store);
  for (const customerId of [left, right, left, right]) await emitter.emit({ customerId, nano: 1n });
  await rows.waitFor(await store.head(), WAIT_MS);
  // What was not in the stream index yet is in it then.
  await store.close();
  store = await EmbeddedEventStore.open({ dataDir });
  const move = (from: string, to: number): void =>
    change('log.db', `UPDATE log SET position = ? WHERE ${from}`, to);
  const end = Number(await store.head());
  const swap = (): void => {
    move(`position = ${end - 1}`, -1);
    move(`position = ${end}`, end - 1);
    move('position = -1', end);
  };
  swap();
  const swapped = await whole();
  const hex = referenceOf({ customerId: left }).slice(2).toLowerCase();
  const one = await audited((parts) => auditCustomer(hex, parts));
  swap();
  expect(found(swapped)).toEqual(['INDEX_DIFFERS left', 'INDEX_DIFFERS right']);
  expect(swapped.findings.map(({ sequence }) => sequence)).toEqual([2, 2]);
  expect(found(one.report)).toEqual(['INDEX_DIFFERS left']);
  expect(await whole()).toMatchObject({ findingCount: 0 });
});
