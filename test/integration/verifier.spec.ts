// Two verifiers of one log: what one seals the other does not, whoever is faster, and a log that is
// older than what was signed is not signed again.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import {
  Ed25519Signer,
  sha256,
  sha256Hex,
  SignedHeadFolder,
} from '@deltabook/adapters/node-crypto';
import { SqliteVerificationStore } from '@deltabook/adapters/sqlite';
import { LOG_START, runVerifier, Verifier, type EventStore } from '@deltabook/application';
import { parseSealEvent, type SealEvent } from '@deltabook/domain';
import { join } from 'node:path';
import { CommitAlarm } from '../../apps/service/src/commit-alarm';
import { Emitter, referenceOf } from '../support/emitting';
import { aDataDir } from '../support/service-process';
import { until } from '../support/until';

const SEALS = 'seals-default-sandbox';
const SCOPE = { tenant: 'default', environment: 'sandbox' } as const;
const keyFile = join(aDataDir(), 'signing-key.pem');

let store: EmbeddedEventStore;
beforeEach(async () => {
  store = await EmbeddedEventStore.open({ dataDir: aDataDir() });
});
afterEach(() => store.close());

interface Process {
  readonly verifier: Verifier;
  readonly troubles: string[];
  /** Follows everything there is. */
  follow(): Promise<void>;
}

/** What a process of its own would have. */
function aProcess(
  keyDir = aDataDir(),
  log: Pick<EventStore, 'append' | 'readStream'> = store,
  dataDir = aDataDir(),
): Process {
  const troubles: string[] = [];
  const kept = SqliteVerificationStore.open(dataDir, store.storeId);
  const verifier = new Verifier({
    store: kept,
    log,
    retry: { unknownRetriesMax: 0, unknownRetryDelayMs: 0, pause: () => Promise.resolve() },
    signing: {
      installation: 'deltabook',
      signer: Ed25519Signer.ofFile(keyFile),
      files: new SignedHeadFolder(keyDir),
      sha256,
    },
    sha256,
    sha256Hex,
    now: () => Date.parse('2026-02-01T00:00:00.000Z'),
    customersCachedMax: 100,
    onFenced: () => undefined,
    onTrouble: ({ message }) => troubles.push(message),
  });
  const follow = async (): Promise<void> => {
    const abort = new AbortController();
    const { signal } = abort;
    const options = {
      after: LOG_START,
      streamPrefixes: [],
      batchCountMax: 1_000,
      signal,
    };
    for await (const batch of store.follow(options)) {
      await verifier.take(batch);
      if (batch.caughtUp) abort.abort();
    }
  };
  return { verifier, troubles, follow };
}

async function seals(): Promise<SealEvent[]> {
  const range = { from: 0, direction: 'forwards', limit: 1_000 } as const;
  const events = await store.readStream(SEALS, range);
  return events.map(({ type, data }) => parseSealEvent(type, data));
}

const heads = async (): Promise<number> =>
  (await seals()).reduce(
    (sum, one) => sum + (one.type === 'DeltasVerified' ? one.heads.length : 0),
    0,
  );

const delta = (customerId: string) => ({ customerId, nano: 1n });

it('who loses the race seals nothing twice, and goes on from the other', async () => {
  const emitter = new Emitter(store);
  const [first, second] = [aProcess(), aProcess()];
  await emitter.emit(delta('a'), delta('b'));
  await first.follow();
  await second.follow();
  await first.verifier.round();
  await second.verifier.round();
  expect(await heads()).toBe(2);
  await second.follow();
  await second.verifier.round();
  expect(await heads()).toBe(2);
  await emitter.emit(delta('a'));
  await second.follow();
  await second.verifier.round();
  await first.follow();
  await first.verifier.round();
  const types = (await seals()).map(({ type }) => type);
  expect(types).toEqual(['DeltasVerified', 'LogHeadSigned', 'DeltasVerified', 'LogHeadSigned']);
});

it('is through with the whole log once its own seals are all that is new', async () => {
  const { verifier, follow } = aProcess();
  await new Emitter(store).emit(delta('a'));
  await follow();
  expect(verifier.position).toBeLessThan(await store.head());
  await verifier.round();
  await follow();
  expect(verifier.position).toBe(await store.head());
});

it('a head that was sealed and not signed is signed by whoever comes next', async () => {
  await new Emitter(store).emit(delta('a'));
  const dying: Pick<EventStore, 'append' | 'readStream'> = {
    readStream: (stream, range) => store.readStream(stream, range),
    append: async (appends) => {
      if (appends[0]?.events[0]?.type === 'LogHeadSigned') throw new Error('died');
      return store.append(appends);
    },
  };
  const keyDir = aDataDir();
  const first = aProcess(keyDir, dying);
  await first.follow();
  await expect(first.verifier.round()).rejects.toThrow('died');
  const second = aProcess(keyDir);
  await second.follow();
  await second.verifier.round();
  const events = await seals();
  expect(events.map(({ type }) => type)).toEqual(['DeltasVerified', 'LogHeadSigned']);
  const [, signed] = events;
  expect(signed?.type === 'LogHeadSigned' && signed.note).toBe(
    new SignedHeadFolder(keyDir).read(SCOPE),
  );
});

it('a log restored from an old backup is sealed and not signed', async () => {
  const keyDir = aDataDir();
  const before = aProcess(keyDir);
  await new Emitter(store).emit(delta('a'), delta('b'));
  await before.follow();
  await before.verifier.round();
  await store.close();
  store = await EmbeddedEventStore.open({ dataDir: aDataDir() });
  await new Emitter(store).emit(delta('c'));
  const after = aProcess(keyDir);
  await after.follow();
  await after.verifier.round();
  expect((await seals()).map(({ type }) => type)).toEqual(['DeltasVerified']);
  expect(after.troubles).toEqual([
    expect.stringContaining('2 seals were signed and the log has 1'),
  ]);
});

it.each([1, 2])(
  'who dies %d steps after the first of a commit seals nothing twice',
  async (more) => {
    const customers = Array.from({ length: 600 }, (_, n) => `c${n}`);
    const emitter = new Emitter(store);
    const [keyDir, dataDir] = [aDataDir(), aDataDir()];
    const first = aProcess(keyDir, store, dataDir);
    await emitter.emit(...customers.map(delta));
    await first.follow();
    await first.verifier.round();
    first.verifier.commitStep();
    expect([first.verifier.isCommitting, first.verifier.changedCount]).toEqual([true, 350]);
    // More comes between two steps, of somebody who was written and somebody who was not.
    await emitter.emit(delta('c0'), delta('c599'), delta('new'));
    await first.follow();
    await first.verifier.round();
    for (let step = 0; step < more; step += 1) first.verifier.commitStep();
    const second = aProcess(keyDir, store, dataDir);
    await second.follow();
    await second.verifier.round();
    expect([await heads(), second.troubles]).toEqual([603, []]);
    while (second.verifier.isChanged) second.verifier.commitStep();
    const kept = SqliteVerificationStore.open(dataDir, store.storeId);
    expect([kept.position, kept.lastCustomerNo()]).toEqual([second.verifier.position, 601]);
    expect(kept.unsealed(1_000)).toEqual([]);
    const numbers = [...customers, 'new'].map((customerId) => {
      const referenceHex = referenceOf({ customerId }).slice(2).toLowerCase();
      return kept.customer(referenceHex)?.no;
    });
    expect(new Set(numbers).size).toBe(601);
    kept.close();
  },
);

it('what was verified is told at once, and committed now and then or when one asks', async () => {
  const dataDir = aDataDir();
  const { verifier } = aProcess(aDataDir(), store, dataDir);
  const committed = (): number => {
    const reader = SqliteVerificationStore.open(dataDir, store.storeId);
    const count = reader.lastCustomerNo();
    reader.close();
    return count;
  };
  const emitter = new Emitter(store);
  await emitter.emit(delta('a'));
  const abort = new AbortController();
  const answered: number[] = [];
  const commits = new CommitAlarm((id) => answered.push(id));
  commits.serve(() => verifier.isChanged);
  let told = { position: LOG_START, head: LOG_START };
  const running = runVerifier({
    verifier,
    log: store,
    roundMs: 0,
    commitMs: 3_600_000,
    changedMax: 100,
    takenMax: 1_000,
    signal: abort.signal,
    elapsedMs: () => performance.now(),
    commits,
    pause: (ms) => commits.pause(ms, abort.signal),
    onProgress: (progress) => {
      told = progress;
    },
  });
  const reaches = <T>(look: () => T, value: T): Promise<T> =>
    until(
      () => Promise.resolve(look()),
      (seen) => seen === value,
    );
  // The first commit is due at once, the next one in an hour.
  await reaches(committed, 1);
  await emitter.emit(delta('b'), delta('c'));
  await reaches(() => verifier.sealedCount, 3);
  const head = await store.head();
  await reaches(() => told.position, head);
  expect([told.head, committed()]).toEqual([head, 1]);
  commits.ask(7);
  await reaches(() => answered.length, 1);
  expect(committed()).toBe(3);
  commits.ask(8);
  expect(answered).toEqual([7, 8]);
  abort.abort();
  await running;
});
