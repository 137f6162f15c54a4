// Keys that are projected, and so forgotten as recent, while a batch that repeats them is decided.
import { customerStream } from '@deltabook/domain';
import { createHash } from 'node:crypto';
import type { EmitOutcome } from '../commands/emit-delta/emit-delta.command';
import type { RecordedEvent, StreamAppend, StreamRange } from '../ports/event-store.port';
import { CommitQueue } from './commit-queue';
import { CustomerLoader } from './customer-loader';
import { Mailbox, type MailboxServices } from './mailbox';
import { RecentKeys } from './recent-keys';

const reference = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const names = { customerId: 'cust_001', reference, recordIdPrefix: 'rec_' };
const identity = { tenant: 'default', environment: 'sandbox', ...names } as const;
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * A store in memory, and rows that have everything projected as soon as a candidate is asked for.
 */
function aMailbox(): {
  readonly mailbox: Mailbox;
  readonly loader: CustomerLoader;
  readonly stored: RecordedEvent[];
} {
  const stored: RecordedEvent[] = [];
  const recentKeys = new RecentKeys(1_000_000);
  const store = {
    storeId: 'memory',
    appendConcurrency: { callsInFlightMax: 1, appendsPerCallMax: 100, bytesPerCallMax: 1e6 },
    append: (appends: readonly StreamAppend[]) => {
      for (const { stream, events } of appends) {
        for (const event of events) {
          const position = BigInt(stored.length + 1);
          stored.push({ ...event, stream, revision: stored.length, position });
        }
      }
      const [revision, position] = [stored.length - 1, BigInt(stored.length)];
      return Promise.resolve(
        appends.map(() => ({ kind: 'appended', revision, position }) as const),
      );
    },
    readStream: (_: string, { from, limit }: StreamRange) =>
      Promise.resolve(stored.slice(Number(from), Number(from) + limit)),
    follow: () => {
      throw new Error('nobody follows');
    },
    head: () => Promise.resolve(0n),
    close: () => Promise.resolve(),
  };
  const rows = {
    customers: () => Promise.resolve([undefined]),
    keyCandidates: () => {
      recentKeys.forgetUpTo(BigInt(stored.length));
      return Promise.resolve([]);
    },
    mayHaveKey: () => true,
    projectedPosition: () => BigInt(stored.length),
  };
  const loader = new CustomerLoader(store, rows, recentKeys);
  const services: MailboxServices = {
    loader,
    commitQueue: new CommitQueue(store, 0n),
    recentKeys,
    readStore: rows,
    sha256Hex,
    limits: {
      batchCountMax: 100,
      batchBytesMax: 1e6,
      conflictRetriesMax: 1,
      unknownRetryMs: 1,
      unknownRetryDelayMs: 1,
      sharedCustomerMs: 0,
    },
    elapsedMs: () => 0,
    pause: () => Promise.resolve(),
    onConflict: () => undefined,
  };
  return { mailbox: new Mailbox(names, identity, services), loader, stored };
}

const emit = (mailbox: Mailbox, key: string): Promise<EmitOutcome> =>
  new Promise((settle) => {
    const idempotency = { key: sha256Hex(key), body: sha256Hex('body') };
    const command = { customerId: 'cust_001', nano: 1n, reason: 'test', now: 0, salt: '00' };
    mailbox.add({ command: { ...command, idempotency }, metadata: '{}', byteCount: 1, settle });
  });

it('a repeat stays a repeat although its key is forgotten while another is looked up', async () => {
  const { mailbox, stored } = aMailbox();
  const first = emit(mailbox, 'first');
  mailbox.start();
  expect((await first).kind).toBe('emitted');
  const outcomes = Promise.all([emit(mailbox, 'first'), emit(mailbox, 'second')]);
  mailbox.start();
  expect((await outcomes).map(({ kind }) => kind)).toEqual(['repeated', 'emitted']);
  expect(stored.map(({ stream, revision }) => [stream, revision])).toEqual(
    [0, 1, 2].map((revision) => [customerStream(reference), revision]),
  );
});

it('a repeat says how the delta that was stored before stands by now', async () => {
  const { mailbox, loader } = aMailbox();
  const verified = jest.spyOn(loader, 'verifiedDeltas');
  const outcomes: unknown[] = [];
  for (const verifiedDeltas of [0, 0, 1]) {
    verified.mockResolvedValue(verifiedDeltas);
    const outcome = emit(mailbox, 'first');
    mailbox.start();
    outcomes.push(await outcome);
  }
  expect(outcomes).toMatchObject([
    { kind: 'emitted', status: 'QUEUED' },
    { kind: 'repeated', status: 'QUEUED' },
    { kind: 'repeated', status: 'VERIFIED' },
  ]);
});

it('a repeat of what the store has lost is refused, not taken for new', async () => {
  const { mailbox, stored } = aMailbox();
  const first = emit(mailbox, 'first');
  mailbox.start();
  await first;
  stored.pop();
  const again = emit(mailbox, 'first');
  mailbox.start();
  expect(await again).toEqual({ kind: 'refused', code: 'STORE_UNAVAILABLE' });
});

it('repeats are looked for some at a time, and each is found', async () => {
  const { mailbox, loader } = aMailbox();
  const keys = Array.from({ length: 40 }, (_, i) => `key ${i}`);
  // Nothing is projected yet: the recent ones are all there is.
  jest.spyOn(loader, 'findByKey').mockResolvedValue(undefined);
  for (const key of keys) {
    const outcome = emit(mailbox, key);
    mailbox.start();
    await outcome;
  }
  let [reads, most] = [0, 0];
  const deltaAt = loader.deltaAt.bind(loader);
  jest.spyOn(loader, 'deltaAt').mockImplementation(async (...place) => {
    reads += 1;
    most = Math.max(most, reads);
    const delta = await deltaAt(...place);
    reads -= 1;
    return delta;
  });
  const outcomes = Promise.all(keys.map((key) => emit(mailbox, key)));
  mailbox.start();
  expect((await outcomes).map(({ kind }) => kind)).toEqual(keys.map(() => 'repeated'));
  expect(most).toBe(16);
});
