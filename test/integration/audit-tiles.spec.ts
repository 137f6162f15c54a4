// The tiles that proofs are made of against what was sealed: whoever changes hashes there leaves a
// customer without receipts, so the audit names the customer and nobody else.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SignedHeadFolder } from '@deltabook/adapters/node-crypto';
import { ServedReadModel, type SqliteReadStore } from '@deltabook/adapters/sqlite';
import { auditAll, type AuditFinding } from '@deltabook/application';
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { auditPartsOf } from '../support/audit-parts';
import { Emitter, referenceOf } from '../support/emitting';
import { emitAll, openRows, WAIT_MS } from '../support/read-models';
import { aDataDir } from '../support/service-process';
import { beginSigned, verifyAll } from '../support/verifying';

const HASH_BYTES = 32;
/** One full tile and the beginning of the next, so that there is a tile above them. */
const LONG = { customerId: 'long', deltas: 300 };
const SHORT = { customerId: 'short', deltas: 5 };

const dataDir = aDataDir();
const heads = new SignedHeadFolder(aDataDir());
let store: EmbeddedEventStore;
let rows: SqliteReadStore;

beforeAll(async () => {
  store = await EmbeddedEventStore.open({ dataDir });
  const signer = await beginSigned(store, join(dataDir, 'signing-key.pem'));
  const emitter = new Emitter(store);
  for (const { customerId, deltas } of [LONG, SHORT]) {
    await emitAll(
      emitter,
      Array.from({ length: deltas }, () => ({ customerId, nano: 1n })),
    );
  }
  await verifyAll(store, signer, heads, dataDir);
  // What was sealed and signed is kept once it is read.
  await verifyAll(store, signer, heads, dataDir);
  await emitter.emit({ customerId: SHORT.customerId, nano: 1n });
  rows = openRows(store, dataDir);
  await rows.waitFor(await store.head(), WAIT_MS);
});
afterAll(async () => {
  await rows.close();
  await store.close();
});

async function findings(): Promise<readonly AuditFinding[]> {
  const served = ServedReadModel.open(dataDir, store.storeId);
  try {
    return (await auditAll(auditPartsOf({ log: store, rows: served }, heads))).findings;
  } finally {
    served?.close();
  }
}

interface Piece {
  readonly tree: number;
  readonly level: number;
  readonly first: number;
  readonly bytes: Uint8Array;
}

/** `tree`: what gives its number, and with what it is found. */
interface Place {
  readonly tree: readonly [sql: string, value: string];
  readonly level: number;
}

const ofCustomer = (customerId: string): Place['tree'] => [
  'SELECT no FROM customer WHERE reference = ?',
  referenceOf({ customerId }),
];

/** With the first piece of a level changed, or gone where `change` gives nothing. */
async function withPiece(
  { tree: [which, value], level }: Place,
  change: (bytes: Uint8Array) => Uint8Array | undefined,
): Promise<readonly AuditFinding[]> {
  const database = new DatabaseSync(join(dataDir, 'verification.db'), { timeout: 5_000 });
  const put = database.prepare('INSERT OR REPLACE INTO hashes VALUES (?, ?, ?, ?)');
  const { tree, first, bytes } = database
    .prepare(`SELECT * FROM hashes WHERE tree = (${which}) AND level = ? ORDER BY first LIMIT 1`)
    .get(value, level) as unknown as Piece;
  const changed = change(bytes.slice());
  if (changed) put.run(tree, level, first, changed);
  else {
    database
      .prepare('DELETE FROM hashes WHERE tree = ? AND level = ? AND first = ?')
      .run(tree, level, first);
  }
  try {
    return await findings();
  } finally {
    put.run(tree, level, first, bytes);
    database.close();
  }
}

const flipped = (bytes: Uint8Array): Uint8Array => {
  bytes[HASH_BYTES - 1] = (bytes[HASH_BYTES - 1] ?? 0) ^ 1;
  return bytes;
};

it('finds nothing in whole tiles, nor where a delta is not sealed yet', async () => {
  expect(await findings()).toEqual([]);
});

it.each([
  ['a hash of a delta', LONG, 0, flipped],
  ['a hash of a short tree', SHORT, 0, flipped],
  ['the hash of a full tile', LONG, 1, flipped],
  ['a tile that is cut off', LONG, 0, (bytes: Uint8Array) => bytes.subarray(HASH_BYTES)],
  ['a tile that lost a byte', SHORT, 0, (bytes: Uint8Array) => bytes.subarray(1)],
  ['a tile that is gone', SHORT, 0, () => undefined],
  ['the tile above that is gone', LONG, 1, () => undefined],
])('names the customer of %s', async (_what, { customerId, deltas }, level, change) => {
  expect(await withPiece({ tree: ofCustomer(customerId), level }, change)).toEqual([
    expect.objectContaining({
      code: 'TILES_DIFFER',
      customer: expect.objectContaining({ customerId }) as unknown,
      sequence: deltas,
    }),
  ]);
});

it('names the seal log of a hash of a seal', async () => {
  const tree = ['SELECT -no FROM seal_log WHERE environment = ?', 'sandbox'] as const;
  expect(await withPiece({ tree, level: 0 }, flipped)).toEqual([
    {
      code: 'TILES_DIFFER',
      what: 'seals-default-sandbox: tiles do not lead to the signed head of 2 seals',
    },
  ]);
});

it('accuses no tiles where the signed head itself is another', async () => {
  const log = new DatabaseSync(join(dataDir, 'log.db'), { timeout: 5_000 });
  const { data } = log.prepare("SELECT data FROM log WHERE type = 'LogHeadSigned'").get() as {
    data: string;
  };
  const put = log.prepare("UPDATE log SET data = ? WHERE type = 'LogHeadSigned'");
  const event = JSON.parse(data) as { note: string };
  const [origin, size, , ...rest] = event.note.split('\n');
  const otherRoot = Buffer.alloc(HASH_BYTES).toString('base64');
  put.run(JSON.stringify({ ...event, note: [origin, size, otherRoot, ...rest].join('\n') }));
  const found = await findings();
  put.run(data);
  log.close();
  expect(found.map(({ code }) => code)).toEqual(['SEAL_LOG_FAILS']);
});

it('leaves alone what is kept and not sealed yet', async () => {
  const longer = (bytes: Uint8Array): Uint8Array =>
    Buffer.concat([bytes, Buffer.alloc(HASH_BYTES)]);
  const place = { tree: ofCustomer(SHORT.customerId), level: 0 };
  expect(await withPiece(place, longer)).toEqual([]);
});

it('does not miss what the verifier has sealed and not kept yet', async () => {
  const database = new DatabaseSync(join(dataDir, 'verification.db'), { timeout: 5_000 });
  const set = database.prepare(
    'UPDATE customer SET sequence = ?, revision = ? WHERE reference = ?',
  );
  const reference = referenceOf({ customerId: SHORT.customerId });
  set.run(SHORT.deltas - 1, SHORT.deltas - 1, reference);
  const found = await withPiece({ tree: ofCustomer(SHORT.customerId), level: 0 }, () => undefined);
  set.run(SHORT.deltas, SHORT.deltas, reference);
  database.close();
  expect(found).toEqual([]);
});
