// Checkpoints by given deltas and earlier checkpoints, when one is wanted, then an event, the same
// one again, or a refusal.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { NANO_PER_UNIT } from '../money/amount';
import { ABSENT, evolve, type Customer } from './customer';
import { decideEmitDelta, timeText } from './decide';
import {
  decideCommitCheckpoint,
  type CheckpointDecision,
  type CheckpointFacts,
  type DeltaPoint,
  type PlacedCheckpoint,
} from './decide-checkpoint';
import { parseCustomerEvent, type CustomerEvent } from './events';
import { parsePeriod, type Period } from './period';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const identity = {
  tenant: 'default',
  environment: 'sandbox',
  customerId: 'cust_001',
  reference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
} as const;
const START: DeltaPoint = { sequence: 0, balanceNano: 0n, receiptId: '' };

const month = (text: string): Period => {
  const period = parsePeriod(text);
  if (!period) throw new Error(`${text} is no period`);
  return period;
};
const at = (text: string): number => Date.parse(text);

/** A customer's history in memory, as the write path would read it from the stream. */
class History {
  customer: Customer = ABSENT;
  readonly points: (DeltaPoint & { readonly recordedAt: number })[] = [];
  readonly checkpoints: PlacedCheckpoint[] = [];

  emit(time: string, units: bigint): this {
    const nano = units * NANO_PER_UNIT;
    const command = { customerId: 'cust_001', nano, reason: 'r', now: at(time), salt: '00' };
    const context = { identity, earlier: undefined, sha256Hex };
    const decision = decideEmitDelta(command, this.customer, context);
    if (decision.kind !== 'emitted') throw new Error(decision.kind);
    this.customer = decision.customer;
    const { sequence, balanceNano, receiptId, recordedAt } = decision.delta;
    this.points.push({ sequence, balanceNano, receiptId, recordedAt: at(recordedAt) });
    return this;
  }

  decide(period: Period, now: string, verified = this.points.length): CheckpointDecision {
    const facts = this.facts(period, verified);
    return decideCommitCheckpoint({ period, now: at(now) }, this.customer, facts);
  }

  commit(period: Period, now: string, verified?: number): PlacedCheckpoint {
    const decision = this.decide(period, now, verified);
    if (decision.kind !== 'committed') throw new Error(JSON.stringify(decision));
    this.customer = decision.customer;
    this.checkpoints.push(decision.checkpoint);
    return decision.checkpoint;
  }

  private facts(period: Period, verified: number): CheckpointFacts {
    const before = (ms: number, sequenceMax = Infinity): DeltaPoint =>
      this.points.findLast((p) => p.recordedAt < ms && p.sequence <= sequenceMax) ?? START;
    return {
      opening: before(period.fromMs),
      recordedSequence: before(period.beforeMs).sequence,
      verified: before(period.beforeMs, verified),
      earlier: this.checkpoints.findLast(({ event }) => event.period === period.period),
    };
  }
}

const APRIL = month('2026-04');
const history = (): History =>
  new History()
    .emit('2026-03-31T23:59:59.999Z', 5n)
    .emit('2026-04-01T00:00:00.000Z', 100n)
    .emit('2026-04-30T23:59:59.999Z', -30n)
    .emit('2026-05-01T00:00:00.000Z', 1_000n);
const refusal = (code: string): object => ({ kind: 'refused', code });

describe('a checkpoint of a period that has ended', () => {
  it('covers exactly the deltas recorded up to its end', () => {
    const given = history();
    const { event, revision } = given.commit(APRIL, '2026-05-02T00:00:00.000Z');
    expect(event).toEqual({
      type: 'CheckpointCommitted',
      v: 1,
      period: '2026-04',
      sequence: 3,
      deltaCount: 2,
      openingBalance: '5',
      balance: '75',
      proofRoot: given.points[2]?.receiptId,
      committedAt: '2026-05-02T00:00:00.000Z',
    });
    expect(revision).toBe(5);
  });

  it('is stored as what is read again', () => {
    const decision = history().decide(APRIL, '2026-05-02T00:00:00.000Z');
    if (decision.kind !== 'committed') throw new Error(decision.kind);
    const [{ type, data }] = decision.events;
    expect(parseCustomerEvent(type, data)).toEqual(decision.checkpoint.event);
  });

  it('waits until all of them are verified', () => {
    const given = history();
    const pending = refusal('VERIFICATION_PENDING');
    expect(given.decide(APRIL, '2026-05-02T00:00:00.000Z', 2)).toEqual(pending);
    expect(given.decide(APRIL, '2026-05-02T00:00:00.000Z', 3).kind).toBe('committed');
  });

  it('is the same one however often it is asked for', () => {
    const given = history();
    const checkpoint = given.commit(APRIL, '2026-05-02T00:00:00.000Z');
    given.emit('2026-05-03T00:00:00.000Z', 1n);
    const again = given.decide(APRIL, '2026-06-01T00:00:00.000Z');
    expect(again).toEqual({ kind: 'repeated', checkpoint });
  });

  it('without a delta of its own carries the balance', () => {
    const { event } = history().commit(month('2026-06'), '2026-07-01T00:00:00.000Z');
    expect(event).toMatchObject({
      sequence: 4,
      deltaCount: 0,
      openingBalance: '1075',
      balance: '1075',
    });
  });

  it('keeps a clock that is behind from recording into the period', () => {
    const given = history();
    given.commit(month('2026-05'), '2026-06-01T00:00:00.000Z');
    given.emit('2026-05-31T23:59:59.999Z', 7n);
    expect(given.points.at(-1)?.recordedAt).toBe(at('2026-06-01T00:00:00.000Z'));
    expect(given.decide(month('2026-05'), '2026-05-31T23:59:59.999Z').kind).toBe('repeated');
  });
});

describe('a checkpoint of the running period', () => {
  const now = '2026-05-02T00:00:00.000Z';
  const MAY = month('2026-05');

  it('covers what is verified by now', () => {
    const given = history().emit('2026-05-01T12:00:00.000Z', 1n);
    expect(given.decide(MAY, now, 4)).toMatchObject({
      checkpoint: { event: { sequence: 4, deltaCount: 1, balance: '1075' } },
    });
    expect(given.decide(MAY, now, 5)).toMatchObject({
      checkpoint: { event: { sequence: 5, deltaCount: 2, balance: '1076' } },
    });
  });

  it('waits for what comes before the period', () => {
    expect(history().decide(MAY, now, 2)).toEqual(refusal('VERIFICATION_PENDING'));
    expect(history().decide(MAY, now, 3).kind).toBe('committed');
  });

  it('is the same while nothing was added, then a new one that names the one before', () => {
    const given = history();
    const first = given.commit(MAY, now);
    expect(given.decide(MAY, now)).toEqual({ kind: 'repeated', checkpoint: first });
    given.emit('2026-05-02T00:00:01.000Z', 25n);
    const second = given.commit(MAY, '2026-05-03T00:00:00.000Z');
    expect(second.event).toMatchObject({ supersedes: first.revision, balance: '1100' });
    expect(given.decide(MAY, now)).toEqual({ kind: 'repeated', checkpoint: second });
  });

  it('has ended once an event of the customer was recorded after it', () => {
    const given = history().emit('2026-06-01T00:00:00.000Z', 1n);
    expect(given.decide(MAY, now, 3)).toEqual(refusal('VERIFICATION_PENDING'));
  });
});

describe('no checkpoint', () => {
  const now = '2026-05-02T00:00:00.000Z';
  it.each<[string, string, History]>([
    ['CUSTOMER_NOT_FOUND', '2026-04', new History()],
    ['PERIOD_IN_FUTURE', '2026-06', history()],
    ['NOTHING_TO_CHECKPOINT', '2026-02', history()],
    ['VERIFICATION_PENDING', '2026-05', new History().emit(now, 1n)],
  ])('%s of %s', (code, period, given) => {
    expect(given.decide(month(period), now, 0)).toEqual(refusal(code));
  });

  it('of a fenced customer, and again once it is released', () => {
    const given = history();
    const fold = (event: CustomerEvent, revision: number): void => {
      given.customer = evolve(given.customer, event, revision);
    };
    const problems = ['LEAF_MISMATCH'];
    fold({ type: 'CustomerFenced', v: 1, fromSequence: 4, problems, fencedAt: now }, 5);
    expect(given.decide(APRIL, now)).toEqual(refusal('CUSTOMER_FENCED'));
    fold({ type: 'CustomerReleased', v: 1, releasedAt: now }, 6);
    expect(given.decide(APRIL, now).kind).toBe('committed');
  });
});

it('the state after a checkpoint is what folding its event gives', () => {
  const given = history();
  const before = given.customer;
  const { event, revision } = given.commit(APRIL, '2026-04-30T00:00:00.000Z', 3);
  expect(evolve(before, event, revision)).toEqual(given.customer);
  expect(event.committedAt).toBe('2026-05-01T00:00:00.000Z');
});

it('every balance follows from the checkpoint before: closings are openings', () => {
  const DAY_MS = 24 * 60 * 60 * 1_000;
  const deltas = fc.array(fc.record({ days: fc.nat(20), units: fc.bigInt(1n, 1_000n) }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(deltas, (emissions) => {
      const given = new History();
      let time = at('2026-01-01T00:00:00.000Z');
      for (const { days, units } of emissions) {
        time += days * DAY_MS;
        given.emit(timeText(time), units);
      }
      let balance = '0';
      let covered = 0;
      for (let period = month('2026-01'); period.fromMs <= time;) {
        const { event } = given.commit(period, '2030-01-01T00:00:00.000Z');
        expect(event.openingBalance).toBe(balance);
        covered += event.deltaCount;
        balance = event.balance;
        period = month(timeText(period.beforeMs).slice(0, 7));
      }
      expect([balance, covered]).toEqual([
        String((given.points.at(-1)?.balanceNano ?? 0n) / NANO_PER_UNIT),
        emissions.length,
      ]);
    }),
  );
});
