// Two processes that append to one customer: both get their deltas in, and read only what is new;
// and a store whose replies get lost.
import { parseCustomerEvent } from '@deltabook/domain';
import { createHash } from 'node:crypto';
import type { EmitOutcome } from '../commands/emit-delta/emit-delta.command';
import type { AppendOutcome, RecordedEvent, StreamAppend } from '../ports/event-store.port';
import { CommitQueue } from './commit-queue';
import { CustomerLoader } from './customer-loader';
import { DeltaSequence } from './delta-sequence';
import { Mailbox } from './mailbox';
import { RecentKeys } from './recent-keys';

const reference = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const names = { customerId: 'cust_001', reference, recordIdPrefix: 'rec_' };
const identity = { tenant: 'default', environment: 'sandbox', ...names } as const;
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One stream; every call takes one to four turns of the event loop, as a network would have it. */
class SharedStore {
  private noise = 1;
  readonly stored: RecordedEvent[] = [];
  /** First revisions that were read. */
  readonly reads: number[] = [];
  /** So many replies get lost, after the store has done what it was asked. */
  repliesToLose = 0;
  readonly appendConcurrency = { callsInFlightMax: 8, appendsPerCallMax: 1, bytesPerCallMax: 1e6 };

  async append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    await this.roundTrip();
    const outcomes = appends.map((append) => this.appendOne(append));
    if (this.repliesToLose === 0) return outcomes;
    this.repliesToLose -= 1;
    return outcomes.map(() => ({ kind: 'unknown', reason: 'no reply' }));
  }

  async readStream(_stream: string, { from }: { from: number | 'end' }): Promise<RecordedEvent[]> {
    await this.roundTrip();
    this.reads.push(Number(from));
    return this.stored.slice(Number(from));
  }

  private async roundTrip(): Promise<void> {
    this.noise = (this.noise * 1_103_515_245 + 12_345) % 2_147_483_648;
    for (let turns = this.noise >>> 29; turns >= 0; turns -= 1) await aTurn();
  }

  private appendOne({ stream, expectedRevision, events }: StreamAppend): AppendOutcome {
    const actualRevision = this.stored.length - 1;
    const end = expectedRevision + events.length;
    const same = this.stored.slice(expectedRevision + 1, end + 1).map(({ data }) => data);
    if (end <= actualRevision && events.every(({ data }, i) => data === same[i])) {
      return { kind: 'appended', revision: end, position: BigInt(end) };
    }
    if (expectedRevision !== actualRevision) return { kind: 'conflict', actualRevision };
    for (const event of events) {
      const position = BigInt(this.stored.length);
      this.stored.push({ ...event, stream, revision: this.stored.length, position });
    }
    const revision = this.stored.length - 1;
    return { kind: 'appended', revision, position: BigInt(revision) };
  }
}

function aMailbox(store: SharedStore): Mailbox {
  const recentKeys = new RecentKeys(1_000_000);
  const rows = {
    customers: () => Promise.resolve([undefined]),
    keyCandidates: () => Promise.resolve([]),
    mayHaveKey: () => false,
    projectedPosition: () => -1n,
  };
  return new Mailbox(names, identity, {
    loader: new CustomerLoader(store, rows, recentKeys),
    commitQueue: new CommitQueue(store, -1n),
    recentKeys,
    readStore: rows,
    sha256Hex,
    limits: {
      batchCountMax: 100,
      batchBytesMax: 1e6,
      conflictRetriesMax: 20,
      unknownRetryMs: 1,
      unknownRetryDelayMs: 1,
      sharedCustomerMs: 1_000,
    },
    elapsedMs: () => performance.now(),
    pause: () => Promise.resolve(),
    onConflict: () => undefined,
  });
}

let saltsDrawn = 0;

function emit(
  mailbox: Mailbox,
  n: number,
  order?: { readonly sequence: DeltaSequence; readonly at: number },
): Promise<EmitOutcome> {
  saltsDrawn += 1;
  const salt = saltsDrawn.toString(16).padStart(32, '0');
  const command = { customerId: 'cust_001', nano: 1n, reason: 'race', now: n, salt };
  return new Promise((settle) => {
    const pending = { command, metadata: '{}', byteCount: 1_000, settle };
    mailbox.submit(order ? { ...pending, order } : pending);
  });
}

/** Sequences of the stored deltas. */
function sequencesIn({ stored }: SharedStore): readonly number[] {
  return stored.flatMap(({ type, data }) => {
    const event = parseCustomerEvent(type, data);
    return event.type === 'DeltaEmitted' ? [Number(event.leaf.sequence)] : [];
  });
}

it('lets both write for as long as both have something to write', async () => {
  const store = new SharedStore();
  const mailboxes = [aMailbox(store), aMailbox(store)];
  const client = async (mailbox: Mailbox): Promise<readonly EmitOutcome[]> => {
    const outcomes: EmitOutcome[] = [];
    for (let n = 0; n < 50; n += 1) outcomes.push(await emit(mailbox, n));
    return outcomes;
  };
  const clients = mailboxes.flatMap((mailbox) => [1, 2, 3].map(() => client(mailbox)));
  const outcomes = (await Promise.all(clients)).flat();
  expect(outcomes.filter(({ kind }) => kind !== 'emitted')).toEqual([]);
  expect(sequencesIn(store)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
});

it('decides together what is submitted in one go', async () => {
  const store = new SharedStore();
  const mailbox = aMailbox(store);
  const appends = jest.spyOn(store, 'append');
  // The first five while its state is read, the others when it is at hand.
  for (let go = 0; go < 2; go += 1) {
    await Promise.all([1, 2, 3, 4, 5].map((n) => emit(mailbox, n)));
  }
  const eventCounts = appends.mock.calls.flat(2).map(({ events }) => events.length);
  expect(eventCounts).toEqual([1 + 5, 5]);
});

it('reads only what others appended since', async () => {
  const store = new SharedStore();
  const [one, other] = [aMailbox(store), aMailbox(store)];
  await emit(one, 1);
  await emit(other, 2);
  const before = store.reads.length;
  await emit(one, 3);
  // The record was opened and one delta emitted, at revisions 0 and 1.
  expect(store.reads.slice(before)).toEqual([2]);
  expect(store.stored).toHaveLength(4);
});

it('tells of a round even when all that waits behind it is refused', async () => {
  const mailbox = aMailbox(new SharedStore());
  const sequence = new DeltaSequence();
  sequence.refused('cust_001', 'STORE_UNAVAILABLE', 1);
  await emit(mailbox, 0);
  const first = emit(mailbox, 1);
  // Its append is under way when the next one comes.
  await aTurn();
  const held = emit(mailbox, 2, { sequence, at: 2 });
  expect(await first).toMatchObject({ kind: 'emitted' });
  expect(await held).toEqual({ kind: 'refused', code: 'STORE_UNAVAILABLE' });
});

it('repeats an append whose reply got lost, and stores it once', async () => {
  const store = new SharedStore();
  const mailbox = aMailbox(store);
  store.repliesToLose = 1;
  expect(await emit(mailbox, 1)).toMatchObject({ kind: 'emitted', delta: { sequence: 1 } });
  expect(sequencesIn(store)).toEqual([1]);
});

it('appends nothing else before it knows what came of an append', async () => {
  const store = new SharedStore();
  const mailbox = aMailbox(store);
  const appends = jest.spyOn(store, 'append');
  store.repliesToLose = Number.POSITIVE_INFINITY;
  const unavailable = { kind: 'refused', code: 'STORE_UNAVAILABLE' };
  for (const n of [1, 2]) expect(await emit(mailbox, n)).toEqual(unavailable);
  expect(new Set(appends.mock.calls.flat(2)).size).toBe(1);
  expect(mailbox.takeInUse() && mailbox.takeInUse()).toBe(true);
  store.repliesToLose = 0;
  expect(await emit(mailbox, 3)).toMatchObject({ kind: 'emitted', delta: { sequence: 2 } });
  appends.mockClear();
  await emit(mailbox, 4);
  expect(appends).toHaveBeenCalledTimes(1);
  expect(sequencesIn(store)).toEqual([1, 2, 3]);
});
