// What receipts ask of the verifier's file while it is written, missing, foreign or begun anew.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import {
  Ed25519Signer,
  sha256,
  sha256Hex,
  SignedHeadFolder,
} from '@deltabook/adapters/node-crypto';
import { SqliteVerificationStore, type SqliteReadStore } from '@deltabook/adapters/sqlite';
import { LOG_START, signedSealOf, Verifier } from '@deltabook/application';
import { hexOf, parseSeal, rootAtSize, tileNodeReader, tilesOfSpans } from '@deltabook/integrity';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emitter, referenceOf } from '../support/emitting';
import { openRows } from '../support/read-models';
import { aDataDir } from '../support/service-process';

const SCOPE = { tenant: 'default', environment: 'sandbox' } as const;
const DELTA_COUNT = 300;

let dataDir: string;
let events: EmbeddedEventStore;
let rows: SqliteReadStore;
beforeEach(async () => {
  dataDir = aDataDir();
  events = await EmbeddedEventStore.open({ dataDir });
  rows = openRows(events, dataDir);
});
afterEach(async () => {
  await rows.close();
  await events.close();
});

/** Verifies and signs all there is, as the verifier's thread would, and lets the file go. */
async function verifyAll(storeId = events.storeId): Promise<void> {
  const store = SqliteVerificationStore.open(dataDir, storeId);
  const verifier = new Verifier({
    store,
    log: events,
    retry: { unknownRetriesMax: 0, unknownRetryDelayMs: 0, pause: () => Promise.resolve() },
    signing: {
      installation: 'deltabook',
      signer: Ed25519Signer.ofFile(join(dataDir, 'signing-key.pem')),
      files: new SignedHeadFolder(dataDir),
      sha256,
    },
    sha256,
    sha256Hex,
    now: () => Date.parse('2026-02-01T00:00:00.000Z'),
    customersCachedMax: 100,
    onFenced: () => undefined,
    onTrouble: ({ message }) => {
      throw new Error(message);
    },
  });
  const abort = new AbortController();
  const after = LOG_START;
  const options = { after, streamPrefixes: [], batchCountMax: 1_000, signal: abort.signal };
  for await (const batch of events.follow(options)) {
    await verifier.take(batch);
    if (batch.caughtUp) abort.abort();
  }
  await verifier.round();
  verifier.commit();
  store.close();
}

async function emit(customerId: string, count: number): Promise<string> {
  const emitter = new Emitter(events);
  await emitter.emit(...Array.from({ length: count }, () => ({ customerId, nano: 1n })));
  return referenceOf({ customerId });
}

it('finds trees, seals, heads and receipts as soon as they are verified', async () => {
  const reference = await emit('alice', DELTA_COUNT);
  const { verification } = rows;
  expect(await verification.customer(reference)).toBeUndefined();
  expect(await verification.sealLog(SCOPE)).toBeUndefined();
  expect(await verification.findReceipt(`0x${'ab'.repeat(32)}`)).toEqual([]);
  await verifyAll();
  const customer = await verification.customer(reference.toLowerCase());
  const sealLog = await verification.sealLog(SCOPE);
  if (!customer || !sealLog) throw new Error('nothing verified');
  expect(customer.point).toMatchObject({ sequence: DELTA_COUNT, balanceNano: 300n });
  expect(await verification.findReceipt(customer.point.receiptId)).toEqual([
    { reference, revision: DELTA_COUNT },
  ]);
  const signed = signedSealOf(customer, sealLog.head);
  const seal = parseSeal(signed?.text ?? '');
  const tiles = tilesOfSpans([{ start: 0, end: DELTA_COUNT }]);
  const bytes = await verification.customerTiles(customer.no, tiles);
  const readNode = tileNodeReader(
    ({ level, index }) =>
      bytes[tiles.findIndex((tile) => tile.level === level && tile.index === index)] ??
      new Uint8Array(0),
    sha256,
  );
  expect(seal).toMatchObject({
    ok: true,
    value: { reference, root: `0x${hexOf(rootAtSize(DELTA_COUNT, readNode, sha256))}` },
  });
  const [sealTile] = await verification.sealTiles(sealLog.no, [{ level: 0, index: 0 }]);
  expect(sealTile).toHaveLength(32);
});

it('answers nothing from another store’s file, and from one in its place at once', async () => {
  const reference = await emit('alice', 1);
  await verifyAll('another store');
  expect(await rows.verification.customer(reference)).toBeUndefined();
  await verifyAll();
  expect(await rows.verification.customer(reference)).toMatchObject({ reference });
});

it('a damaged file is an error of that question and leaves the read models alone', async () => {
  const reference = await emit('alice', 1);
  writeFileSync(join(dataDir, 'verification.db'), 'no database '.repeat(1_000));
  await expect(rows.verification.customer(reference)).rejects.toThrow('not a database');
  await rows.waitFor(await events.head(), 30_000);
  expect(await rows.customers([reference])).toMatchObject([{ customerId: 'alice' }]);
  expect(rows.progress()).toMatchObject({ ready: true, problem: undefined });
});
