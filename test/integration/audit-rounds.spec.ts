// Rounds of the continuous check that remember the round before, over a real log and real rows:
// what was changed in between is named, and nothing else.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import {
  sha256,
  SignedHeadFolder,
  verifyEd25519,
  type Ed25519Signer,
} from '@deltabook/adapters/node-crypto';
import { ServedReadModel, type SqliteReadStore } from '@deltabook/adapters/sqlite';
import {
  auditAll,
  RememberedHistories,
  type AuditParts,
  type AuditReport,
} from '@deltabook/application';
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { auditPartsOf } from '../support/audit-parts';
import { Emitter, referenceOf } from '../support/emitting';
import { emitAll, openRows, someDeltas, WAIT_MS } from '../support/read-models';
import { aDataDir } from '../support/service-process';
import { beginSigned, verifyAll } from '../support/verifying';

const dataDir = aDataDir();
const heads = new SignedHeadFolder(aDataDir());
let store: EmbeddedEventStore;
let rows: SqliteReadStore;
let signer: Ed25519Signer;

beforeAll(async () => {
  store = await EmbeddedEventStore.open({ dataDir });
  signer = await beginSigned(store, join(dataDir, 'signing-key.pem'));
  await emitAll(new Emitter(store), someDeltas(500, 30));
  await verifyAll(store, signer, heads);
  rows = openRows(store, dataDir);
  await rows.waitFor(await store.head(), WAIT_MS);
});
afterAll(async () => {
  await rows.close();
  await store.close();
});

async function round(
  remembered: RememberedHistories,
  given: Partial<AuditParts> = {},
): Promise<AuditReport> {
  const served = ServedReadModel.open(dataDir, store.storeId);
  try {
    return await auditAll(
      auditPartsOf({ log: store, rows: served }, heads, { remembered, ...given }),
    );
  } finally {
    served?.close();
  }
}

function change(sql: string, ...values: string[]): void {
  const log = new DatabaseSync(join(dataDir, 'log.db'), { timeout: 5_000 });
  log.prepare(sql).run(...values);
  log.close();
}

const found = ({ findings }: AuditReport): string[] =>
  findings.map(({ code, customer }) => `${code} ${customer?.customerId ?? ''}`.trim()).sort();

it('names what was changed since the round before, and no more', async () => {
  const remembered = new RememberedHistories(1_000);
  const first = await round(remembered);
  expect(await round(remembered)).toEqual(first);
  const streamOf = (customerId: string): string =>
    `customer-${referenceOf({ customerId }).slice(2).toLowerCase()}`;
  const [dropped, cutOff, altered, swapped] = ['cust_6', 'cust_9', 'cust_10', 'cust_15'] as const;
  const shifted = 'cust_25';
  change('CREATE TABLE kept AS SELECT * FROM log');
  change('DELETE FROM log WHERE stream = ? AND revision = 2', streamOf(dropped));
  const newest = '(SELECT max(revision) FROM kept WHERE kept.stream = log.stream)';
  change(`DELETE FROM log WHERE stream = ? AND revision = ${newest}`, streamOf(cutOff));
  const set = (customerId: string, data: string, revisions: string): void =>
    change(
      `UPDATE log SET data = ${data} WHERE stream = ? AND revision IN (${revisions})`,
      streamOf(customerId),
    );
  set(altered, `replace(data, '"salt":"', '"salt":"0')`, '3');
  const other = 'kept.stream = log.stream AND kept.revision = 3 - log.revision';
  set(swapped, `(SELECT data FROM kept WHERE ${other})`, '1, 2');
  // The same characters, one of them in another column.
  change(
    'UPDATE log SET type = type || substr(data, 1, 1), data = substr(data, 2)' +
      ' WHERE stream = ? AND revision = 2',
    streamOf(shifted),
  );
  await emitAll(new Emitter(store), [{ customerId: 'newcomer', nano: 5n, key: 'one more' }]);
  await rows.waitFor(await store.head(), WAIT_MS);
  const second = await round(remembered);
  change('INSERT OR REPLACE INTO log SELECT * FROM kept');
  change('DROP TABLE kept');
  expect(found(second)).toEqual(
    [altered, swapped, shifted, dropped, cutOff].map((customerId) => `HISTORY_FAILS ${customerId}`),
  );
  const sequences = Object.fromEntries(
    second.findings.map(({ customer, sequence }) => [customer?.customerId, sequence]),
  );
  expect(sequences).toMatchObject({ [dropped]: 2, [altered]: 3, [swapped]: 1 });
  expect(second.customers).toBe(first.customers + 1);
  expect(await round(remembered)).toMatchObject({
    deltas: first.deltas + 1,
    findingCount: 0,
  });
});

it('names a seal that was changed since the last round, and goes on from others', async () => {
  const remembered = new RememberedHistories(1_000);
  let hashed = 0;
  const counting = (bytes: Uint8Array): Uint8Array => {
    hashed += 1;
    return sha256(bytes);
  };
  const crypto = { sha256: counting, verifyEd25519 };
  const first = await round(remembered, { crypto });
  expect(hashed).toBeGreaterThan(first.seals);
  const swap = (from: string, to: string): void =>
    change(
      `UPDATE log SET data = replace(data, '"sealedAt":"${from}', '"sealedAt":"${to}')` +
        " WHERE stream = ? AND type = 'DeltasVerified'",
      'seals-default-sandbox',
    );
  swap('2026-02-01', '2026-02-02');
  expect(found(await round(remembered))).toEqual(['SEAL_LOG_FAILS']);
  swap('2026-02-02', '2026-02-01');
  expect(await round(remembered)).toEqual(first);
  await emitAll(new Emitter(store), [{ customerId: 'late', nano: 5n, key: 'one seal more' }]);
  await verifyAll(store, signer, heads);
  await rows.waitFor(await store.head(), WAIT_MS);
  hashed = 0;
  const last = await round(remembered, { crypto });
  expect(last).toMatchObject({ deltas: first.deltas + 1, findingCount: 0 });
  expect(last.seals).toBeGreaterThan(first.seals);
  // What was hashed again is the new seals and the paths to the roots.
  expect(hashed).toBeLessThan(first.seals);
});
