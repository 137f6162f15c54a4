// Derived balances on real stores: from wherever one starts, the balance is the one from zero; a
// scope in time holds exactly what was recorded in it.
import { sha256, sha256Hex } from '@deltabook/adapters/node-crypto';
import {
  CheckpointCommitter,
  CheckpointFactsReader,
  DeriveBalanceHandler,
  DeriveBalanceQuery,
  HistorySpans,
  ReadGate,
  RecordFinder,
  SealedHistories,
  StartingPoints,
  type DerivedBalance,
  type Origin,
  type ReceiptCandidate,
  type SpanWanted,
  type StartingPoint,
} from '@deltabook/application';
import {
  checkpointId,
  DELTAS_VERIFIED,
  parsePeriod,
  periodOf,
  recordId,
  sealEventText,
  sealStream,
} from '@deltabook/domain';
import * as fc from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import { aDataDir } from '../support/service-process';
import { openLedger, type LedgerInProcess } from '../support/kafka/ledger-in-process';

const START = Date.parse('2026-01-15T00:00:00.000Z');
const DAY_MS = 24 * 60 * 60 * 1_000;
const WAIT_MS = 30_000;
const ZERO_ROOT = `0x${'0'.repeat(64)}`;

const originAt = (now: number): Origin => ({
  ...{ tenant: 'default', environment: 'sandbox', door: 'http' },
  ...{ actor: 'test', correlationId: 'test', now },
});

/** One delta of a history, and whether a checkpoint of its month follows it. */
interface Step {
  readonly nano: bigint;
  readonly days: number;
  readonly checkpoint: boolean;
}

interface History {
  readonly customerId: string;
  readonly starts: readonly { readonly start: StartingPoint; readonly sequence: number }[];
  readonly deltas: readonly { readonly nano: bigint; readonly recordedAt: number }[];
}

const steps = fc.array(
  fc.record({
    nano: fc.bigInt(-(10n ** 12n), 10n ** 12n).filter((nano) => nano !== 0n),
    days: fc.nat(40),
    checkpoint: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('a derived balance', () => {
  let ledger: LedgerInProcess;
  let handler: DeriveBalanceHandler;
  let committer: CheckpointCommitter;
  /** What a verifier's receipt index would have: receipts of verified deltas, and those to come. */
  const indexed = new Map<string, ReceiptCandidate>();
  let unverified = new Map<string, ReceiptCandidate>();
  let customerCount = 0;
  let sealRevision = -1;

  beforeAll(async () => {
    ledger = await openLedger(aDataDir());
    const { events, readStore } = ledger.stores;
    const { writePath } = ledger;
    const gate = new ReadGate(readStore, WAIT_MS);
    const finder = new RecordFinder(gate, writePath.customers, readStore, events);
    const startingPoints = new StartingPoints(events, {
      findReceipt: (receiptId) => Promise.resolve([indexed.get(receiptId)].flatMap((c) => c ?? [])),
    });
    const spans = new HistorySpans(events, startingPoints);
    const sources = { store: events, reads: readStore.verification, hashes: { sha256, sha256Hex } };
    handler = new DeriveBalanceHandler(finder, spans, events, new SealedHistories(sources));
    committer = new CheckpointCommitter({
      ...writePath,
      readStore,
      facts: new CheckpointFactsReader(events, readStore),
      bounds: { waitMs: 0, pollMs: 1 },
      elapsedMs: () => performance.now(),
      pause: (ms) => delay(ms),
    });
  });
  afterAll(async () => {
    await ledger.close();
  });

  async function verify(reference: string, size: number): Promise<void> {
    const stream = sealStream({ tenant: 'default', environment: 'sandbox' });
    const data = sealEventText({
      ...{ type: DELTAS_VERIFIED, v: 1, firstIndex: sealRevision + 1 },
      ...{
        sealedAt: '2026-01-01T00:00:00.000Z',
        heads: [[reference, size, `0x${'00'.repeat(32)}`]],
      },
    });
    const events = [{ type: DELTAS_VERIFIED, data, metadata: '{}' }];
    const append = { stream, expectedRevision: sealRevision, events };
    const [outcome] = await ledger.stores.events.append([append]);
    if (outcome?.kind !== 'appended') throw new Error('not appended');
    sealRevision = outcome.revision;
    for (const [receiptId, place] of unverified) indexed.set(receiptId, place);
    unverified = new Map();
    await ledger.stores.readStore.waitFor(outcome.position, WAIT_MS);
  }

  async function record(given: readonly Step[]): Promise<History> {
    customerCount += 1;
    unverified = new Map();
    const customerId = `cust_${customerCount}`;
    const starts: { start: StartingPoint; sequence: number }[] = [
      { start: { kind: 'root', proofRoot: ZERO_ROOT }, sequence: 0 },
    ];
    const deltas: { nano: bigint; recordedAt: number }[] = [];
    let now = START;
    for (const { nano, days, checkpoint } of given) {
      now += days * DAY_MS;
      const delta = { customerId, nano, reason: 'r' };
      const outcome = await ledger.writePath.mailboxes.emit(originAt(now), delta, undefined);
      if (outcome.kind !== 'emitted') throw new Error(outcome.kind);
      const { customer, delta: emitted } = outcome;
      const { sequence, revision, receiptId } = emitted;
      deltas.push({ nano, recordedAt: Date.parse(emitted.recordedAt) });
      const id = recordId(customer.recordIdPrefix, revision);
      unverified.set(receiptId, { reference: customer.reference, revision });
      starts.push({ start: { kind: 'record', recordId: id }, sequence });
      starts.push({ start: { kind: 'root', proofRoot: receiptId }, sequence });
      if (checkpoint) starts.push(await commit(customer.reference, { customerId, sequence, now }));
    }
    return { customerId, starts, deltas };
  }

  async function commit(
    reference: string,
    { customerId, sequence, now }: { customerId: string; sequence: number; now: number },
  ): Promise<{ start: StartingPoint; sequence: number }> {
    await verify(reference, sequence);
    const period = parsePeriod(periodOf(now));
    if (!period) throw new Error('no period');
    const outcome = await committer.commit(originAt(now), customerId, period);
    if (outcome.kind === 'refused') throw new Error(outcome.code);
    const { event, revision } = outcome.checkpoint;
    expect(event.sequence).toBe(sequence);
    const id = checkpointId(outcome.customer.recordIdPrefix, revision);
    return { start: { kind: 'checkpoint', checkpointId: id }, sequence };
  }

  async function derive(
    customerId: string,
    wanted: Partial<SpanWanted>,
    page = { offset: 0, limit: 1_000 },
  ): Promise<DerivedBalance> {
    const minPosition = await ledger.stores.events.head();
    const scope = { tenant: 'default', environment: 'sandbox', minPosition } as const;
    const request = { start: undefined, scope: undefined, ...wanted, page };
    const result = await handler.execute(new DeriveBalanceQuery(scope, customerId, request));
    if (result.kind === 'refused') throw new Error(result.code);
    return result.value;
  }

  it('from any checkpoint, record or root equals the one from zero', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        const { customerId, starts, deltas } = await record(given);
        const total = deltas.reduce((sum, { nano }) => sum + nano, 0n);
        for (const { start, sequence } of starts) {
          const { span, deltas: rows } = await derive(customerId, { start });
          const since = rows.reduce((sum, { nano }) => sum + nano, 0n);
          expect(span.before.balanceNano + since).toBe(total);
          expect(span.last.balanceNano).toBe(total);
          expect([span.before.sequence, rows[0]?.sequence]).toEqual([
            sequence,
            sequence < deltas.length ? sequence + 1 : undefined,
          ]);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('of a scope holds exactly what was recorded in it, by pages', async () => {
    const days = fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 200 }));
    await fc.assert(
      fc.asyncProperty(steps, days, async (given, [from, length]) => {
        const { customerId, deltas } = await record(given);
        const fromMs = START + from * DAY_MS;
        const beforeMs = fromMs + length * DAY_MS;
        const scope = { period: undefined, fromMs, beforeMs };
        const expected = deltas
          .filter(({ recordedAt }) => fromMs <= recordedAt && recordedAt < beforeMs)
          .map(({ nano }) => nano);
        const { span, deltas: rows } = await derive(customerId, { scope });
        expect(rows.map(({ nano }) => nano)).toEqual(expected);
        expect(span.last.balanceNano - span.before.balanceNano).toBe(
          expected.reduce((sum, nano) => sum + nano, 0n),
        );
        const page = { offset: 1, limit: 2 };
        const { deltas: some } = await derive(customerId, { scope }, page);
        expect(some.map(({ nano }) => nano)).toEqual(expected.slice(1, 3));
      }),
      { numRuns: 25 },
    );
  });

  it('starts from nothing of another customer, and from nothing that is not there', async () => {
    const mine = await record([{ nano: 1n, days: 0, checkpoint: true }]);
    const other = await record([{ nano: 2n, days: 0, checkpoint: true }]);
    const foreign = other.starts.filter(({ sequence }) => sequence > 0).map(({ start }) => start);
    const opening = { kind: 'record', recordId: `rec_${'a'.repeat(40)}` } as const;
    const unknown = { kind: 'root', proofRoot: `0x${'ab'.repeat(32)}` } as const;
    for (const start of [...foreign, opening, unknown]) {
      await expect(derive(mine.customerId, { start })).rejects.toThrow('CHECKPOINT_NOT_FOUND');
    }
  });
});
