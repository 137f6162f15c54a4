// The key index against the log: of a key that the index lacks a repeat would count again, so the
// audit names its delta; what the index has too many does no harm and is no finding.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SignedHeadFolder } from '@deltabook/adapters/node-crypto';
import { ServedReadModel, type SqliteReadStore } from '@deltabook/adapters/sqlite';
import { auditAll, auditCustomer, type AuditParts, type AuditReport } from '@deltabook/application';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';
import { auditPartsOf } from '../support/audit-parts';
import { Emitter, referenceOf } from '../support/emitting';
import { emitAll, filesOf, openRows, someDeltas, WAIT_MS } from '../support/read-models';
import { aDataDir } from '../support/service-process';
import { beginSigned, verifyAll } from '../support/verifying';

const DELTAS = 1_000;
const RECORD_BYTES = 12;

const dataDir = aDataDir();
const heads = new SignedHeadFolder(aDataDir());
let store: EmbeddedEventStore;
let rows: SqliteReadStore;

beforeAll(async () => {
  store = await EmbeddedEventStore.open({ dataDir });
  const signer = await beginSigned(store, join(dataDir, 'signing-key.pem'));
  await emitAll(new Emitter(store), someDeltas(DELTAS, 30));
  await emitAll(new Emitter(store), [{ customerId: 'keyless', nano: 1n }]);
  await verifyAll(store, signer, heads);
  rows = openRows(store, dataDir);
  await rows.waitFor(await store.head(), WAIT_MS);
});
afterAll(async () => {
  await rows.close();
  await store.close();
});
afterEach(() => rows.rebuild());

async function audited<T>(work: (parts: AuditParts) => Promise<T>): Promise<T> {
  const served = ServedReadModel.open(dataDir, store.storeId);
  try {
    return await work(auditPartsOf({ log: store, rows: served }, heads, {}));
  } finally {
    served?.close();
  }
}

const whole = (): Promise<AuditReport> => audited((parts) => auditAll(parts));

function inFile<T>(file: string, work: (database: DatabaseSyncInstance) => T): T {
  const database = new DatabaseSync(join(dataDir, file), { timeout: 5_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

interface Page {
  readonly id: number;
  readonly records: Uint8Array;
}

/** Changes the records of the first page of the index; gives the page as it was. */
function changeFirstPage(change: (records: Uint8Array) => Uint8Array): Page {
  return inFile(filesOf(dataDir).at(-1) ?? '', (database) => {
    const select = database.prepare('SELECT id, records FROM record_page ORDER BY id LIMIT 1');
    const page = select.get() as unknown as Page;
    const update = database.prepare('UPDATE record_page SET records = ? WHERE id = ?');
    update.run(change(page.records.slice()), page.id);
    return page;
  });
}

/** Customer and sequence of the delta whose key begins with the bits that a record keeps. */
function deltaOf(record: Uint8Array): { readonly stream: string; readonly sequence: number } {
  const words = new Uint32Array(record.slice().buffer);
  const bits = [words[0] ?? 0, (words[1] ?? 0) >>> 8];
  const digits = bits.map((word, i) => word.toString(16).padStart(i === 0 ? 8 : 6, '0')).join('');
  return inFile('log.db', (database) => {
    const select = database.prepare('SELECT stream, revision FROM log WHERE data LIKE ?');
    const found = select.get(`%"key":"${digits}%`) as { stream: string; revision: number };
    return { stream: found.stream, sequence: found.revision };
  });
}

const streamOf = (customerId: string): string =>
  `customer-${referenceOf({ customerId }).slice(2).toLowerCase()}`;

it('finds every key of a whole index', async () => {
  expect(await whole()).toMatchObject({ deltas: DELTAS + 1, findingCount: 0 });
});

it('names the delta whose key was taken out of the index, to all and to its customer', async () => {
  // Records are in order, and nothing is before a record of zeros.
  const page = changeFirstPage((records) => records.fill(0, 0, RECORD_BYTES));
  const { stream, sequence } = deltaOf(page.records.subarray(0, RECORD_BYTES));
  const { findings, ...report } = await whole();
  expect(report).toMatchObject({ findingCount: 1 });
  expect(findings).toMatchObject([{ code: 'KEY_MISSING', sequence }]);
  expect(streamOf(findings[0]?.customer?.customerId ?? '')).toBe(stream);
  const one = await audited((parts) => auditCustomer(stream.slice('customer-'.length), parts));
  expect(one.report.findings).toEqual(findings);
  const other = referenceOf({ customerId: 'keyless' }).slice(2).toLowerCase();
  const another = await audited((parts) => auditCustomer(other, parts));
  expect(another).toMatchObject({ report: { deltas: 1, findingCount: 0 } });
});

it('names every customer of a page that is lost, by the first of such deltas', async () => {
  const { records } = changeFirstPage(() => new Uint8Array(RECORD_BYTES));
  const first = new Map<string, number>();
  for (let at = 0; at < records.length; at += RECORD_BYTES) {
    const { stream, sequence } = deltaOf(records.subarray(at, at + RECORD_BYTES));
    first.set(stream, Math.min(sequence, first.get(stream) ?? Infinity));
  }
  const { findings } = await whole();
  const named = findings.map(({ customer, sequence }) => [
    streamOf(customer?.customerId ?? ''),
    sequence,
  ]);
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(first));
  expect(named).toHaveLength(first.size);
});

it('finds nothing in a key too many', async () => {
  changeFirstPage((records) => new Uint8Array([...new Uint8Array(RECORD_BYTES), ...records]));
  expect(await whole()).toMatchObject({ findingCount: 0 });
});
