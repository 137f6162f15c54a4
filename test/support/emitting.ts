// Emits real deltas straight into an event store: for tests of what comes behind the log.
import { NO_STREAM, type EventStore, type NewEvent, type Position } from '@deltabook/application';
import {
  ABSENT,
  CHECKPOINT_COMMITTED,
  checkpointCommittedText,
  customerReference,
  customerStream,
  decideEmitDelta,
  evolve,
  formatNano,
  timeText,
  type CheckpointCommitted,
  type Customer,
  type CustomerIdentity,
  type Environment,
} from '@deltabook/domain';
import { keccak_256 } from '@noble/hashes/sha3';
import { createHash, createHmac } from 'node:crypto';

const FIRST_TIME = Date.parse('2026-01-01T00:00:00.000Z');
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const keccak256 = (ascii: string): string => Buffer.from(keccak_256(ascii)).toString('hex');
const referenceHmacOf =
  (tenant: string) =>
  (text: string): string =>
    createHmac('sha256', `reference key of ${tenant}`).update(text).digest('hex');

export interface TestCustomer {
  readonly customerId: string;
  readonly tenant?: string;
  readonly environment?: Environment;
}

/** One delta of a test: amounts in nano units, times in milliseconds. */
export interface TestDelta extends TestCustomer {
  readonly nano: bigint;
  /** Caller's key; its MAC is keyHexOf(key). */
  readonly key?: string;
  readonly occurredAt?: string;
  readonly now?: number;
}

export const keyHexOf = (key: string): string => sha256Hex(`key ${key}`);

/** The customer's reference, as the events written here have it. */
export function referenceOf({ customerId, ...scope }: TestCustomer): string {
  const { tenant = 'default', environment = 'sandbox' } = scope;
  const referenceHmac = referenceHmacOf(tenant);
  return customerReference(environment, customerId, { referenceHmac, keccak256 });
}

/** Decides deltas and appends them; remembers each customer's state. */
export class Emitter {
  private readonly customers = new Map<string, Customer>();
  private now = FIRST_TIME;

  constructor(private readonly store: Pick<EventStore, 'append'>) {}

  /** Events of a delta, as they are appended next. */
  decide(delta: TestDelta): { readonly stream: string; readonly events: readonly NewEvent[] } {
    const { customerId, tenant = 'default', environment = 'sandbox' } = delta;
    const reference = referenceOf(delta);
    const identity: CustomerIdentity = { tenant, environment, customerId, reference };
    this.now += 1;
    const command = {
      customerId,
      nano: delta.nano,
      reason: 'test',
      now: delta.now ?? this.now,
      salt: '0123456789abcdef0123456789abcdef',
      occurredAt: delta.occurredAt,
      idempotency: delta.key === undefined ? undefined : markOf(delta.key),
    };
    const context = { identity, earlier: undefined, sha256Hex };
    const customer = this.customers.get(reference) ?? ABSENT;
    const decision = decideEmitDelta(command, customer, context);
    if (decision.kind !== 'emitted') throw new Error(`not emitted: ${decision.kind}`);
    this.customers.set(reference, decision.customer);
    const events = decision.events.map((event) => ({ ...event, metadata: '{"door":"test"}' }));
    return { stream: customerStream(reference), events };
  }

  /** Appends a checkpoint of all that the customer has; position and revision of it. */
  async checkpoint(
    { period, ...testCustomer }: TestCustomer & { readonly period: string },
    change: Partial<CheckpointCommitted> = {},
  ): Promise<{ readonly position: Position; readonly revision: number }> {
    const reference = referenceOf(testCustomer);
    const customer = this.customers.get(reference) ?? ABSENT;
    if (customer.status === 'absent') throw new Error('no such customer');
    const event: CheckpointCommitted = {
      type: CHECKPOINT_COMMITTED,
      v: 1,
      period,
      sequence: customer.sequence,
      deltaCount: customer.sequence,
      openingBalance: '0',
      balance: formatNano(customer.balanceNano),
      proofRoot: customer.lastReceiptId,
      committedAt: timeText((this.now += 1)),
      ...change,
    };
    const data = checkpointCommittedText(event);
    const stored = { type: CHECKPOINT_COMMITTED, data, metadata: '{"door":"test"}' };
    const expectedRevision = customer.revision;
    const append = { stream: customerStream(reference), expectedRevision, events: [stored] };
    const [outcome] = await this.store.append([append]);
    if (outcome?.kind !== 'appended') throw new Error('not appended');
    const { position, revision } = outcome;
    this.customers.set(reference, evolve(customer, event, revision));
    return { position, revision };
  }

  /** Appends deltas in one call, those of one customer together; position of the last event. */
  async emit(...deltas: readonly TestDelta[]): Promise<Position> {
    const appends = new Map<string, { first: number; events: NewEvent[] }>();
    for (const delta of deltas) {
      const before = this.customers.get(referenceOf(delta)) ?? ABSENT;
      const first = before.status === 'open' ? before.revision : NO_STREAM;
      const { stream, events } = this.decide(delta);
      const append = appends.get(stream) ?? { first, events: [] };
      append.events.push(...events);
      appends.set(stream, append);
    }
    const outcomes = await this.store.append(
      [...appends].map(([stream, { first, events }]) => ({
        stream,
        expectedRevision: first,
        events,
      })),
    );
    const positions = outcomes.map((outcome) => {
      if (outcome.kind !== 'appended') throw new Error(`not appended: ${outcome.kind}`);
      return outcome.position;
    });
    return positions.reduce((a, b) => (a > b ? a : b));
  }
}

function markOf(key: string): { readonly key: string; readonly body: string } {
  return { key: keyHexOf(key), body: sha256Hex(`body ${key}`) };
}
