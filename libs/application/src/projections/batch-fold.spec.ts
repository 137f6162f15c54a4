// The folds of the read models: every figure of a row, twice delivered events, unreadable ones.
import {
  ABSENT,
  customerStream,
  decideEmitDelta,
  NANO_PER_UNIT,
  type Customer,
  type CustomerIdentity,
} from '@deltabook/domain';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../ports/event-store.port';
import type { CustomerRow } from '../read-models/rows';
import { BatchFold, type ProjectionStop } from './batch-fold';
import { RowFold } from './customer-row';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const SCOPE = { tenant: 'default', environment: 'sandbox' } as const;
const BODY = sha256Hex('body');
const MIDNIGHT = Date.parse('2026-01-01T00:00:00.000Z');
const REFERENCES = [
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
] as const;

interface Emission {
  readonly customer: 0 | 1;
  readonly nano: bigint;
  readonly occurredAt?: string;
  readonly key?: string;
}

/** Events of a log in which the emissions were decided one after the other, a millisecond apart. */
function logOf(emissions: readonly Emission[]): RecordedEvent[] {
  const states: Customer[] = [ABSENT, ABSENT];
  const log: RecordedEvent[] = [];
  for (const [i, { customer, nano, occurredAt, key }] of emissions.entries()) {
    const reference = REFERENCES[customer];
    const customerId = `cust_${customer}`;
    const identity: CustomerIdentity = { ...SCOPE, customerId, reference };
    const idempotency = key === undefined ? undefined : { key: sha256Hex(key), body: BODY };
    const command = { customerId, nano, reason: 'test', now: MIDNIGHT + i, salt: '00', occurredAt };
    const before = states[customer] ?? ABSENT;
    const context = { identity, earlier: undefined, sha256Hex };
    const decision = decideEmitDelta({ ...command, idempotency }, before, context);
    if (decision.kind !== 'emitted') throw new Error('not emitted');
    states[customer] = decision.customer;
    let revision = before.status === 'open' ? before.revision : -1;
    for (const event of decision.events) {
      revision += 1;
      const position = BigInt(log.length + 1);
      const stream = customerStream(reference);
      log.push({ ...event, metadata: '{}', stream, revision, position });
    }
  }
  return log;
}

/** Folds a batch on stored rows, up to the first event that cannot be read. */
function fold(events: readonly RecordedEvent[], stored: ReadonlyMap<string, CustomerRow>) {
  const keys: [keyHex: string, revision: number][] = [];
  const folds = new Map([...stored].map(([stream, row]) => [stream, new RowFold(row)]));
  const batch = new BatchFold({
    find: (stream) => folds.get(stream),
    open: (stream, row) => folds.set(stream, new RowFold(row, true)).get(stream) as RowFold,
    onKey: (keyHex, revision) => keys.push([keyHex, revision]),
  });
  let stop: ProjectionStop | undefined;
  for (const event of events) {
    stop = batch.take(event);
    if (stop) break;
  }
  const rows = new Map(batch.changed.map(({ row }) => [customerStream(row.reference), row]));
  return { rows, directoryEvents: batch.directoryEvents, keys, stop };
}

const NO_ROWS: ReadonlyMap<string, CustomerRow> = new Map();

/** Rows by stream after the batches, each folded on what the ones before left. */
function rowsAfter(batches: readonly (readonly RecordedEvent[])[]): Map<string, CustomerRow> {
  const stored = new Map<string, CustomerRow>();
  for (const batch of batches) {
    const { rows, stop } = fold(batch, stored);
    expect(stop).toBeUndefined();
    for (const [stream, row] of rows) stored.set(stream, row);
  }
  return stored;
}

const emission = fc.record(
  {
    customer: fc.constantFrom<0 | 1>(0, 1),
    nano: fc.bigInt(-(10n ** 18n), 10n ** 18n).filter((nano) => nano !== 0n),
    occurredAt: fc
      .date({ min: new Date(0), max: new Date(2 * MIDNIGHT), noInvalidDate: true })
      .map((date) => date.toISOString()),
  },
  { requiredKeys: ['customer', 'nano'] },
);

describe('the customer row', () => {
  it('holds the sum, the count, and the least and greatest time of the fact', () => {
    const log = logOf([
      { customer: 0, nano: 5n * NANO_PER_UNIT, key: 'first' },
      { customer: 0, nano: -2n * NANO_PER_UNIT, occurredAt: '2025-12-31T00:00:00.000Z' },
      { customer: 0, nano: 1n, occurredAt: '2026-03-01T00:00:00.000Z' },
      { customer: 0, nano: 1n },
    ]);
    const { rows, keys, directoryEvents, stop } = fold(log, NO_ROWS);
    const last = JSON.parse(log.at(-1)?.data ?? '') as { receiptId: string };
    expect([...rows.values()]).toEqual([
      {
        reference: REFERENCES[0],
        tenant: 'default',
        environment: 'sandbox',
        customerId: 'cust_0',
        revision: 4,
        totalDeltas: 4,
        balanceNano: 3n * NANO_PER_UNIT + 2n,
        lastReceiptId: last.receiptId,
        lastRecordedAt: MIDNIGHT + 3,
        firstActivity: Date.parse('2025-12-31T00:00:00.000Z'),
        lastActivity: Date.parse('2026-03-01T00:00:00.000Z'),
        latestCheckpoint: null,
        fenced: false,
        fencedFromSequence: null,
        ...{ verifiedDeltas: 0, sealedAt: null, sealedRoot: null },
      },
    ]);
    expect(keys).toEqual([[sha256Hex('first'), 1]]);
    expect({ directoryEvents, stop }).toEqual({ directoryEvents: [], stop: undefined });
  });

  it('is the same however the log is cut into batches and whatever is delivered again', () => {
    const cut = fc.array(fc.record({ length: fc.nat(5), back: fc.nat(8) }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(emission, { minLength: 1, maxLength: 30 }), cut, (emissions, cuts) => {
        const log = logOf(emissions);
        const batches: RecordedEvent[][] = [];
        let end = 0;
        for (const { length, back } of cuts) {
          batches.push(log.slice(Math.max(0, end - back), end + length));
          end = Math.min(end + length, log.length);
        }
        batches.push(log.slice(end));
        expect(rowsAfter(batches)).toEqual(rowsAfter([log]));
      }),
    );
  });

  it('counts a delta delivered again only once, its key too', () => {
    const log = logOf([{ customer: 0, nano: 5n, key: 'k' }]);
    const again = fold([...log, ...log], fold(log, NO_ROWS).rows);
    expect(again).toEqual({ rows: new Map(), keys: [], directoryEvents: [], stop: undefined });
    expect(fold([...log, ...log], NO_ROWS).keys).toHaveLength(1);
  });

  it('is not made of a delta whose record was never opened', () => {
    const [, delta] = logOf([{ customer: 0, nano: 5n }]);
    const { rows, stop } = fold(delta ? [delta] : [], NO_ROWS);
    expect([rows.size, stop]).toEqual([0, undefined]);
  });
});

describe('what was verified and fenced', () => {
  const [opened, first, second] = logOf([
    { customer: 0, nano: 1n },
    { customer: 0, nano: 2n },
  ]);
  const event = (stream: string, revision: number, type: string, data: object): RecordedEvent => ({
    ...{ stream, revision, type, metadata: '{}', position: 10n + BigInt(revision) },
    data: JSON.stringify({ v: 1, ...data }),
  });
  const stream = customerStream(REFERENCES[0]);
  const rootOf = (size: number): string => `0x${sha256Hex(String(size))}`;
  const sealed = (revision: number, size: number): RecordedEvent => {
    const sealedAt = `2026-01-0${size}T00:00:00.000Z`;
    const heads = [...REFERENCES].map((reference) => [reference, size, rootOf(size)]);
    const data = { firstIndex: 0, sealedAt, heads };
    return event('seals-default-sandbox', revision, 'DeltasVerified', data);
  };
  const fenced = event(stream, 3, 'CustomerFenced', {
    fromSequence: 2,
    fencedAt: '2026-01-02T00:00:00.000Z',
  });
  const released = event(stream, 4, 'CustomerReleased', { releasedAt: '2026-01-01T00:00:00.000Z' });
  const rowOf = (events: readonly RecordedEvent[]): Partial<CustomerRow> | undefined => {
    if (!opened || !first || !second) throw new Error('no events');
    const rows = rowsAfter([[opened, first, second], events]);
    // A customer that has no row gets none by a seal.
    expect(rows.size).toBe(1);
    return rows.get(stream);
  };

  it('the greatest sealed size counts, in whatever order it is seen', () => {
    const row = rowOf([sealed(0, 1), sealed(1, 2), sealed(0, 1)]);
    expect(row).toMatchObject({ verifiedDeltas: 2, totalDeltas: 2, revision: 2 });
    expect(row).toMatchObject({ sealedAt: '2026-01-02T00:00:00.000Z', sealedRoot: rootOf(2) });
  });

  it('fencing and release move the revision, and time only forwards', () => {
    const at = Date.parse('2026-01-02T00:00:00.000Z');
    const then = { fenced: true, fencedFromSequence: 2, revision: 3, lastRecordedAt: at };
    expect(rowOf([fenced])).toMatchObject(then);
    const now = { fenced: false, fencedFromSequence: null, revision: 4, lastRecordedAt: at };
    expect(rowOf([fenced, released])).toMatchObject(now);
    // Also at the revision of an event that the row has seen and the stream has lost.
    expect(rowOf([{ ...fenced, revision: 1 }])).toMatchObject({ fenced: true, revision: 2 });
  });
});

describe('what is not of a customer', () => {
  const event = { type: 'Anything', data: '{"v":9}', metadata: '{}', revision: 0, position: 1n };

  it.each(['tenant-default', 'installation'])('in %s is kept as it is', (stream) => {
    const recorded = { ...event, stream };
    const { directoryEvents, stop } = fold([recorded], NO_ROWS);
    expect([directoryEvents, stop]).toEqual([[recorded], undefined]);
  });

  it('and of no directory does not matter', () => {
    const { rows, keys, directoryEvents } = fold([{ ...event, stream: 'batch-00' }], NO_ROWS);
    expect([rows.size, keys, directoryEvents]).toEqual([0, [], []]);
  });
});

describe('an event that this build does not know', () => {
  const [opened, first, second] = logOf([
    { customer: 0, nano: 1n },
    { customer: 0, nano: 2n },
  ]);
  const unknown: [string, Partial<RecordedEvent>][] = [
    ['a newer version', { data: '{"v":2}' }],
    ['an unknown type', { type: 'PolicyChanged' }],
  ];

  it.each(unknown)('(%s) stops the projection there, with its position', (_name, change) => {
    if (!opened || !first || !second) throw new Error('no events');
    const log = [opened, first, { ...second, ...change }];
    const { rows, stop } = fold(log, NO_ROWS);
    expect([...rows.values()].map(({ revision }) => revision)).toEqual([1]);
    expect(stop).toMatchObject({ position: 3n, revision: 2, stream: second.stream });
    expect(stop?.message).toMatch(
      /^projection stopped at position 3, revision 2 of customer-[0-9a-f]{40}: stored event /,
    );
    expect(stop?.message).toContain('is not known to this build; run the version that wrote it');
  });
});
