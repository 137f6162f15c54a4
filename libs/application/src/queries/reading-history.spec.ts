// Reading pages of a customer's stream: real events of the domain, with foreign ones between them.
import {
  ABSENT,
  decideEmitDelta,
  NANO_PER_UNIT,
  recordId,
  recordIdPrefix,
  type Customer,
  type CustomerIdentity,
} from '@deltabook/domain';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { RecordedEvent, StreamRange } from '../ports/event-store.port';
import { deltaViewOf } from './delta-view';
import { revisionOfSequence } from './revision-of-sequence';
import { WALK_EVENTS_MAX, walkDeltas, type Walk } from './walk-deltas';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const stream = 'customer-fb6916095ca1df60bb79ce92ce3ea74c37c5d359';
const identity: CustomerIdentity = {
  tenant: 'default',
  environment: 'sandbox',
  customerId: 'cust_001',
  reference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
};
const owner = {
  recordIdPrefix: recordIdPrefix(identity.reference),
  fencedFromSequence: null,
  verifiedDeltas: 0,
};
const FOREIGN = { type: 'CheckpointCommitted', data: '{"v":1}' };

/** A stream with `foreign[i]` events of another kind after the i-th delta, read as in a store. */
function aHistory(foreign: readonly number[]) {
  const events: { type: string; data: string }[] = [];
  let customer: Customer = ABSENT;
  for (const [i, count] of foreign.entries()) {
    const command = {
      customerId: 'cust_001',
      nano: BigInt(i + 1) * NANO_PER_UNIT,
      reason: `delta ${i + 1}`,
      now: Date.parse('2026-01-01T12:00:00.000Z'),
      salt: '0123456789abcdef0123456789abcdef',
    };
    const context = { identity, earlier: undefined, sha256Hex };
    const decision = decideEmitDelta(command, customer, context);
    if (decision.kind !== 'emitted') throw new Error('not emitted');
    events.push(...decision.events, ...Array.from({ length: count }, () => FOREIGN));
    customer = { ...decision.customer, revision: events.length - 1 };
  }
  const recorded = events.map(({ type, data }, revision): RecordedEvent => {
    const position = BigInt(100 + revision);
    return { stream, revision, position, type, data, metadata: '{}' };
  });
  const reads: number[] = [];
  const readStream = (name: string, { from, direction, limit }: StreamRange) => {
    const start = from === 'end' ? recorded.length - 1 : from;
    const page =
      direction === 'forwards'
        ? recorded.slice(start, start + limit)
        : recorded.slice(Math.max(0, start - limit + 1), start + 1).reverse();
    reads.push(page.length);
    return Promise.resolve(name === stream ? page : []);
  };
  const end = { revision: recorded.length - 1, sequence: foreign.length };
  return { store: { readStream }, recorded, reads, end };
}

const revisionsOfDeltas = (recorded: readonly RecordedEvent[]): number[] =>
  recorded.filter(({ type }) => type === 'DeltaEmitted').map(({ revision }) => revision);

const walkOf = (change: Partial<Walk>): Walk => ({
  stream,
  owner,
  direction: 'forwards',
  from: 1,
  to: 1,
  countMax: 100,
  ...change,
});

describe('the revision of the n-th delta', () => {
  it('is found for every delta, whatever lies between them', async () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat(3), fc.nat(40)), {
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(gaps, async (foreign) => {
        const { store, recorded, end } = aHistory(foreign);
        const found = await Promise.all(
          foreign.map((_, i) => revisionOfSequence(store, stream, i + 1, end)),
        );
        expect(found).toEqual(revisionsOfDeltas(recorded));
      }),
      { numRuns: 30 },
    );
  });

  it('needs no read where only the opening precedes the deltas', async () => {
    const { store, reads, end } = aHistory(Array.from({ length: 500 }, () => 0));
    expect(await revisionOfSequence(store, stream, 250, end)).toBe(250);
    expect(reads).toEqual([]);
  });

  it('needs few reads in a long stream with other events between', async () => {
    const { store, recorded, reads, end } = aHistory(
      Array.from({ length: 4_000 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
    );
    const expected = revisionsOfDeltas(recorded)[1_234];
    expect(await revisionOfSequence(store, stream, 1_235, end)).toBe(expected);
    expect(reads.length).toBeLessThanOrEqual(12);
  });

  it('is an error where the search shows that deltas are not numbered one by one', async () => {
    const { store, recorded, end } = aHistory([1, 1, 1, 1, 1, 0]);
    recorded[11] = { ...(recorded[9] as RecordedEvent), revision: 11 };
    await expect(revisionOfSequence(store, stream, 6, end)).rejects.toThrow(
      `stream ${stream} has no delta 6`,
    );
  });
});

describe('a walk', () => {
  it('forwards collects deltas in order and says where to go on', async () => {
    const { store, end } = aHistory([0, 2, 0, 0]);
    const walked = await walkDeltas(store, walkOf({ to: end.revision, countMax: 3 }));
    expect(walked.deltas.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(walked.next).toBe(6);
    expect(walked.last).toMatchObject({ revision: 6, position: 106n });
  });

  it('backwards ends at the first delta with nowhere to go on', async () => {
    const { store, end } = aHistory([0, 2, 0, 0]);
    const back = { direction: 'backwards', from: end.revision, to: 1 } as const;
    const walked = await walkDeltas(store, walkOf(back));
    expect(walked.deltas.map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
    expect(walked.next).toBeUndefined();
    expect(walked.last).toMatchObject({ revision: end.revision });
  });

  it('backwards stops right after the last wanted delta', async () => {
    const { store, end } = aHistory([0, 0, 0, 0, 0]);
    const back = { direction: 'backwards', from: end.revision, to: 1, countMax: 2 } as const;
    const walked = await walkDeltas(store, walkOf(back));
    expect(walked.deltas.map(({ sequence }) => sequence)).toEqual([5, 4]);
    expect(walked.next).toBe(3);
  });

  it('looks at nothing beyond its last revision', async () => {
    const { store, reads } = aHistory([0, 0, 0, 0, 0]);
    const walked = await walkDeltas(store, walkOf({ to: 2 }));
    expect(walked.deltas.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(reads).toEqual([2]);
  });

  it('with a filter reads a bounded number of events and goes on where it stopped', async () => {
    const { store, reads, end } = aHistory(Array.from({ length: WALK_EVENTS_MAX + 700 }, () => 0));
    const filtered: Walk = walkOf({
      direction: 'backwards',
      from: end.revision,
      to: 1,
      countMax: 5,
      accepts: ({ sequence }) => sequence < 4,
    });
    const first = await walkDeltas(store, filtered);
    expect(first).toMatchObject({ deltas: [], next: 700 });
    expect(reads.reduce((sum, count) => sum + count, 0)).toBe(WALK_EVENTS_MAX);
    const second = await walkDeltas(store, { ...filtered, from: first.next ?? 0 });
    expect(second.deltas.map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
    expect(second.next).toBeUndefined();
  });
});

describe('the view of a delta', () => {
  const { recorded } = aHistory([0, 1]);
  const second = recorded[2] as RecordedEvent;

  it('shows everything of its event', () => {
    const { leaf, receiptId } = JSON.parse(second.data) as {
      leaf: { contentHash: string; previousProofHash: string };
      receiptId: string;
    };
    expect(deltaViewOf(second, owner)).toEqual({
      recordId: recordId(owner.recordIdPrefix, 2),
      receiptId,
      contentHash: leaf.contentHash,
      previousProofHash: leaf.previousProofHash,
      sequence: 2,
      nano: 2n * NANO_PER_UNIT,
      balanceNano: 3n * NANO_PER_UNIT,
      reason: 'delta 2',
      referenceId: undefined,
      metadata: undefined,
      adjusts: undefined,
      status: 'QUEUED',
      recordedAt: '2026-01-01T12:00:00.000Z',
      occurredAt: undefined,
      time: '2026-01-01T12:00:00.000Z',
    });
  });

  it('is FAILED from the first bad delta of a fenced customer on', () => {
    const statusFrom = (fencedFromSequence: number) =>
      deltaViewOf(second, { ...owner, fencedFromSequence, verifiedDeltas: 2 })?.status;
    expect([1, 2, 3].map(statusFrom)).toEqual(['FAILED', 'FAILED', 'VERIFIED']);
  });

  it('does not exist for another kind of event', () => {
    expect(recorded[3]?.type).toBe('CheckpointCommitted');
    expect(deltaViewOf(recorded[3] as RecordedEvent, owner)).toBeUndefined();
    expect(deltaViewOf(recorded[0] as RecordedEvent, owner)).toBeUndefined();
  });
});
