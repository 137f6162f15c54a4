// Key index and receipt index against the log: a repeat of a key that is lacking would count again,
// a receiptId that is lacking would be called unknown, so the audit names their deltas; what an
// index has too many does no harm and is no finding.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SignedHeadFolder } from '@deltabook/adapters/node-crypto';
import { ServedReadModel, type SqliteReadStore } from '@deltabook/adapters/sqlite';
import {
  auditAll,
  auditCustomer,
  type AuditFindingCode,
  type AuditParts,
  type AuditReport,
} from '@deltabook/application';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';
import { auditPartsOf } from '../support/audit-parts';
import { Emitter, referenceOf } from '../support/emitting';
import { emitAll, filesOf, openRows, someDeltas, WAIT_MS } from '../support/read-models';
import { aDataDir } from '../support/service-process';
import { beginSigned, verifyAll } from '../support/verifying';

const DELTAS = 1_000;
/** Customers of those deltas, all of which have keys. */
const KEYED = new Set([...someDeltas(DELTAS, 30)].map(({ customerId }) => customerId)).size;
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
  await verifyAll(store, signer, heads, dataDir);
  rows = openRows(store, dataDir);
  await rows.waitFor(await store.head(), WAIT_MS);
});
afterAll(async () => {
  await rows.close();
  await store.close();
});

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

interface Index {
  readonly code: AuditFindingCode;
  readonly file: () => string;
  /** What the stored text of a delta has where a record begins with these words. */
  readonly pattern: (words: Uint32Array) => string;
}

const digitsOf = (word: number | undefined, count: number): string =>
  (word ?? 0).toString(16).padStart(count, '0');

const INDEXES: readonly Index[] = [
  {
    code: 'KEY_MISSING',
    file: () => filesOf(dataDir).at(-1) ?? '',
    pattern: ([first, second]) =>
      `%"key":"${digitsOf(first, 8)}${digitsOf((second ?? 0) >>> 8, 6)}%`,
  },
  {
    code: 'RECEIPT_MISSING',
    file: () => 'verification.db',
    pattern: ([first]) => `%"receiptId":"0x${digitsOf(first, 8)}%`,
  },
];

/** With the records of the first page of an index changed; gives the page as it was. */
async function withFirstPage(
  { file }: Index,
  change: (records: Uint8Array) => Uint8Array,
  work: (records: Uint8Array) => Promise<void>,
): Promise<void> {
  const write = (records: Uint8Array, id: number): unknown =>
    inFile(file(), (database) =>
      database.prepare('UPDATE record_page SET records = ? WHERE id = ?').run(records, id),
    );
  const page = inFile(
    file(),
    (database) =>
      database.prepare('SELECT id, records FROM record_page ORDER BY id LIMIT 1').get() as Page,
  );
  write(change(page.records.slice()), page.id);
  await work(page.records).finally(() => write(page.records, page.id));
}

interface Page {
  readonly id: number;
  readonly records: Uint8Array;
}

/** Stream and sequence of the delta that a record is of. */
function deltaOf(
  record: Uint8Array,
  { pattern }: Index,
): { readonly stream: string; readonly sequence: number } {
  const wanted = pattern(new Uint32Array(record.slice().buffer));
  return inFile('log.db', (database) => {
    const select = database.prepare('SELECT stream, revision FROM log WHERE data LIKE ?');
    const found = select.get(wanted) as { stream: string; revision: number };
    return { stream: found.stream, sequence: found.revision };
  });
}

const streamOf = (customerId: string): string =>
  `customer-${referenceOf({ customerId }).slice(2).toLowerCase()}`;

it('finds everything in whole indexes', async () => {
  expect(await whole()).toMatchObject({ deltas: DELTAS + 1, findingCount: 0 });
});

describe.each(INDEXES)('$code', (index) => {
  it('names the delta that was taken out of the index, to all and to its customer', () =>
    // Records are in order, and nothing is before a record of zeros.
    withFirstPage(
      index,
      (records) => records.fill(0, 0, RECORD_BYTES),
      async (records) => {
        const { stream, sequence } = deltaOf(records.subarray(0, RECORD_BYTES), index);
        const { findings } = await whole();
        expect(findings).toMatchObject([{ code: index.code, sequence }]);
        expect(streamOf(findings[0]?.customer?.customerId ?? '')).toBe(stream);
        const one = await audited((parts) =>
          auditCustomer(stream.slice('customer-'.length), parts),
        );
        expect(one.report.findings).toEqual(findings);
        const other = referenceOf({ customerId: 'keyless' }).slice(2).toLowerCase();
        const another = await audited((parts) => auditCustomer(other, parts));
        expect(another).toMatchObject({ report: { deltas: 1, findingCount: 0 } });
      },
    ));

  it('names every customer of a page that is lost, by the first of such deltas', () =>
    withFirstPage(
      index,
      () => new Uint8Array(RECORD_BYTES),
      async (records) => {
        const first = new Map<string, number>();
        for (let at = 0; at < records.length; at += RECORD_BYTES) {
          const { stream, sequence } = deltaOf(records.subarray(at, at + RECORD_BYTES), index);
          first.set(stream, Math.min(sequence, first.get(stream) ?? Infinity));
        }
        const { findings } = await whole();
        const named = findings.map(({ customer, sequence }) => [
          streamOf(customer?.customerId ?? ''),
          sequence,
        ]);
        expect(Object.fromEntries(named)).toEqual(Object.fromEntries(first));
        expect(named).toHaveLength(first.size);
      },
    ));

  it('names every customer with deltas in an index that is empty', async () => {
    const dropped = (sql: string): unknown =>
      inFile(index.file(), (database) => database.prepare(sql).run());
    dropped('CREATE TABLE kept_run AS SELECT * FROM record_run');
    dropped('DELETE FROM record_run');
    const { findings } = await whole();
    dropped('INSERT INTO record_run SELECT * FROM kept_run');
    dropped('DROP TABLE kept_run');
    expect(new Set(findings.map(({ code, sequence }) => `${code} ${sequence}`))).toEqual(
      new Set([`${index.code} 1`]),
    );
    expect(findings).toHaveLength(index.code === 'KEY_MISSING' ? KEYED : KEYED + 1);
  });

  it('finds nothing in what is too many', () =>
    withFirstPage(
      index,
      (records) => new Uint8Array([...new Uint8Array(RECORD_BYTES), ...records]),
      async () => {
        expect(await whole()).toMatchObject({ findingCount: 0 });
      },
    ));
});
