// One round of a mailbox: many commands decided against one
// state, and what each is told afterwards.
import {
  decideEmitDelta,
  type Customer,
  type CustomerIdentity,
  type Decision,
  type EmitDelta,
  type EmittedDelta,
  type EventText,
} from '@deltabook/domain';
import type { Sha256Hex } from '@deltabook/integrity';
import type {
  CustomerNames,
  EmitOutcome,
  WriteRefusalCode,
} from '../commands/emit-delta/emit-delta.command';
import type { NewEvent, Position } from '../ports/event-store.port';
import { deltaStatus, type DeltaStatus } from '../queries/delta-view';
import type { DeltaSequence } from './delta-sequence';

/** A command that waits for its outcome. */
export interface PendingCommand {
  readonly command: EmitDelta;
  /** Metadata text of its events. */
  readonly metadata: string;
  /** Upper bound of the bytes its events take. */
  readonly byteCount: number;
  readonly settle: (outcome: EmitOutcome) => void;
  /** Set when it must not overtake earlier deltas of its door. */
  readonly order?: { readonly sequence: DeltaSequence; readonly at: number } | undefined;
}

interface Decided {
  readonly pending: PendingCommand;
  readonly decision: Decision;
  /** True when the decision rests on a delta that this very round emits. */
  readonly restsOnRound: boolean;
}

export interface Round {
  readonly start: Customer;
  readonly decided: readonly Decided[];
  readonly events: readonly NewEvent[];
  readonly byteCount: number;
  /** State after the events. */
  readonly customer: Customer;
  /** Verified deltas of the customer, where the round repeats some; else 0. */
  readonly verifiedDeltas: number;
}

export interface RoundContext {
  readonly identity: CustomerIdentity;
  /** Stored deltas by the keys (64 hex) of the batch that they carry; undefined for none. */
  readonly stored: ReadonlyMap<string, EmittedDelta> | undefined;
  readonly sha256Hex: Sha256Hex;
}

/** Deltas that a round emits, by key; most rounds emit one, and need no place to find it. */
class EmittedHere {
  private readonly byKey: Map<string, EmittedDelta> | undefined;

  constructor(commandCount: number) {
    this.byKey = commandCount > 1 ? new Map() : undefined;
  }

  find(key: string | undefined): EmittedDelta | undefined {
    return key === undefined ? undefined : this.byKey?.get(key);
  }

  add(key: string, delta: EmittedDelta): void {
    this.byKey?.set(key, delta);
  }
}

/** Decides all commands of a batch in order, each against the state that the one before left. */
export function decideRound(
  batch: readonly PendingCommand[],
  start: Customer,
  context: RoundContext,
): Round {
  const { identity, stored, sha256Hex } = context;
  const decided: Decided[] = [];
  const events: NewEvent[] = [];
  const emitted = new EmittedHere(batch.length);
  let customer = start;
  let byteCount = 0;
  for (const pending of batch) {
    const key = pending.command.idempotency?.key;
    const emittedHere = emitted.find(key);
    const earlier = emittedHere ?? (key === undefined ? undefined : stored?.get(key));
    const decision = decideEmitDelta(pending.command, customer, { identity, earlier, sha256Hex });
    decided.push({ pending, decision, restsOnRound: emittedHere !== undefined });
    if (decision.kind !== 'emitted') continue;
    customer = decision.customer;
    byteCount += pending.byteCount;
    if (key !== undefined) emitted.add(key, decision.delta);
    addEvents(decision.events, pending.metadata, events);
  }
  return { start, decided, events, byteCount, customer, verifiedDeltas: 0 };
}

/** Calls back with the key (64 hex) of each delta that the round emits, and its revision. */
export function eachEmittedKey(
  { decided }: Round,
  onKey: (key: string, revision: number) => void,
): void {
  for (const { pending, decision } of decided) {
    const key = pending.command.idempotency?.key;
    if (key !== undefined && decision.kind === 'emitted') onKey(key, decision.delta.revision);
  }
}

/** True when an answer is about a delta that was stored before: it says how that one stands. */
export function repeatsStored({ decided }: Round): boolean {
  return decided.some(
    ({ decision, restsOnRound }) => decision.kind === 'repeated' && !restsOnRound,
  );
}

function statusOf(kind: 'emitted' | 'repeated', delta: EmittedDelta, round: Round): DeltaStatus {
  const { verifiedDeltas } = round;
  if (kind === 'emitted') return 'QUEUED';
  return deltaStatus(delta.sequence, { fencedFromSequence: null, verifiedDeltas });
}

function addEvents(texts: readonly EventText[], metadata: string, events: NewEvent[]): void {
  for (const { type, data } of texts) events.push({ type, data, metadata });
}

/** Tells everyone what came of a round that is durable, or that had nothing to append. */
export function settleAppended(
  round: Round,
  customer: CustomerNames,
  positions: { readonly position: Position; readonly newest: Position },
): void {
  for (const { pending, decision } of round.decided) {
    if (decision.kind === 'refused') {
      pending.settle({ kind: 'refused', code: decision.code });
      continue;
    }
    const { kind, delta } = decision;
    const position = kind === 'emitted' ? positions.position : positions.newest;
    const status = statusOf(kind, delta, round);
    pending.settle({ kind, customer, delta, position, status });
  }
}

/**
 * Tells everyone that nothing was appended; what rests on stored deltas alone is answered as ever.
 */
export function settleUnappended(
  round: Round,
  customer: CustomerNames,
  cause: { readonly code: WriteRefusalCode; readonly newest: Position },
): void {
  for (const { pending, decision, restsOnRound } of round.decided) {
    if (restsOnRound || decision.kind === 'emitted') {
      pending.settle({ kind: 'refused', code: cause.code });
    } else if (decision.kind === 'refused') {
      pending.settle({ kind: 'refused', code: decision.code });
    } else {
      const { kind, delta } = decision;
      const status = statusOf(kind, delta, round);
      pending.settle({ kind, customer, delta, position: cause.newest, status });
    }
  }
}

/** Refuses a whole batch that could not be decided. */
export function refuseAll(batch: readonly PendingCommand[], code: WriteRefusalCode): void {
  for (const pending of batch) pending.settle({ kind: 'refused', code });
}

/** What may still be decided; refuses what would overtake a delta that was refused for now. */
export function refuseHeld(batch: PendingCommand[]): PendingCommand[] {
  const heldBy = ({ command, order }: PendingCommand): WriteRefusalCode | undefined =>
    order?.sequence.heldBy(command.customerId, order.at);
  if (!batch.some(heldBy)) return batch;
  return batch.filter((pending) => {
    const code = heldBy(pending);
    if (code !== undefined) pending.settle({ kind: 'refused', code });
    return code === undefined;
  });
}
