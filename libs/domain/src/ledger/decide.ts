// What becomes of a command: a pure function of the command and the customer's state.
import {
  canonicalJson,
  FIRST_PREVIOUS_PROOF_HASH,
  hashedLeaf,
  type Json,
  type Sha256Hex,
} from '@deltabook/integrity';
import { parseRecordId } from '../identity/record-id';
import type { Environment } from '../identity/names';
import { formatNano } from '../money/amount';
import type { Customer } from './customer';
import {
  CUSTOMER_RECORD_OPENED,
  customerRecordOpenedText,
  DELTA_EMITTED,
  deltaEmittedText,
  type IdempotencyMark,
} from './events';
import type { DeltaBody } from './idempotency';

/** One delta for one customer. Values are validated at the door; time and salt come in as data. */
export interface EmitDelta extends DeltaBody {
  readonly idempotency?: IdempotencyMark | undefined;
  /** Milliseconds since the epoch, stamped at the door. */
  readonly now: number;
  /** 32 hex digits of randomness. */
  readonly salt: string;
}

/** Who the customer is; fixed for a mailbox. */
export interface CustomerIdentity {
  readonly tenant: string;
  readonly environment: Environment;
  readonly customerId: string;
  readonly reference: string;
}

/** A delta that is stored: what every reply about it repeats. */
export interface EmittedDelta {
  readonly revision: number;
  readonly sequence: number;
  readonly nano: bigint;
  readonly balanceNano: bigint;
  readonly receiptId: string;
  readonly contentHash: string;
  readonly previousProofHash: string;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly recordedAt: string;
  readonly bodyMac: string;
}

export type RefusalCode = 'CUSTOMER_FENCED' | 'IDEMPOTENCY_CONFLICT' | 'ADJUSTED_RECORD_UNKNOWN';

/** A text to be stored, as the event store port takes it (without metadata). */
export interface EventText {
  readonly type: string;
  readonly data: string;
}

export type Decision =
  | {
      readonly kind: 'emitted';
      readonly events: readonly EventText[];
      readonly customer: Extract<Customer, { status: 'open' }>;
      readonly delta: EmittedDelta;
    }
  | { readonly kind: 'repeated'; readonly delta: EmittedDelta }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

export interface DecideContext {
  readonly identity: CustomerIdentity;
  /** The delta that already carries this command's key, if there is one. */
  readonly earlier: EmittedDelta | undefined;
  readonly sha256Hex: Sha256Hex;
}

/** Decides one EmitDelta; `emitted` brings the texts to append after `customer.revision`. */
export function decideEmitDelta(
  command: EmitDelta,
  customer: Customer,
  context: DecideContext,
): Decision {
  if (customer.status === 'open' && customer.fenced) {
    return { kind: 'refused', code: 'CUSTOMER_FENCED' };
  }
  if (context.earlier) {
    return context.earlier.bodyMac === command.idempotency?.body
      ? { kind: 'repeated', delta: context.earlier }
      : { kind: 'refused', code: 'IDEMPOTENCY_CONFLICT' };
  }
  if (!adjustsKnownRecord(command, customer, context.identity)) {
    return { kind: 'refused', code: 'ADJUSTED_RECORD_UNKNOWN' };
  }
  return emit(command, customer, context);
}

/** An adjusted recordId must name a stored event of this very customer. */
function adjustsKnownRecord(
  command: EmitDelta,
  customer: Customer,
  identity: CustomerIdentity,
): boolean {
  const adjusted = command.adjusts?.recordId;
  if (adjusted === undefined) return true;
  const place = parseRecordId(adjusted);
  return (
    place !== undefined &&
    place.referenceHex === identity.reference.slice(2).toLowerCase() &&
    customer.status === 'open' &&
    place.revision >= 1 &&
    place.revision <= customer.revision
  );
}

/** What a customer's first delta builds on: revision 0 is the opening of the record. */
const BEFORE_FIRST = {
  revision: 0,
  sequence: 0,
  balanceNano: 0n,
  lastReceiptId: FIRST_PREVIOUS_PROOF_HASH,
  lastRecordedAt: 0,
} as const;

function emit(command: EmitDelta, customer: Customer, context: DecideContext): Decision {
  const { identity, sha256Hex } = context;
  const opened = customer.status === 'open';
  const before = opened ? customer : BEFORE_FIRST;
  // Time never steps back within a customer, whatever the clocks of two processes say.
  const recordedAtMs = Math.max(command.now, before.lastRecordedAt);
  const recordedAt = timeText(recordedAtMs);
  const revision = before.revision + 1;
  const sequence = before.sequence + 1;
  const balanceNano = before.balanceNano + command.nano;
  const previousProofHash = before.lastReceiptId;
  const privateText = privatePartText(command);
  const contentHash = `0x${sha256Hex(privateText)}`;
  const { text, hash: receiptId } = hashedLeaf(
    {
      v: 1,
      reference: identity.reference,
      sequence: String(sequence),
      delta: formatNano(command.nano),
      balance: formatNano(balanceNano),
      recordedAt,
      occurredAt: command.occurredAt ?? '',
      contentHash,
      previousProofHash,
    },
    sha256Hex,
  );
  const data = deltaEmittedText({
    leafText: text,
    receiptId,
    privateText,
    idempotency: command.idempotency,
  });
  const emitted: EventText = { type: DELTA_EMITTED, data };
  return {
    kind: 'emitted',
    events: opened ? [emitted] : [openedText(identity, recordedAt), emitted],
    customer: {
      status: 'open',
      revision,
      sequence,
      balanceNano,
      lastReceiptId: receiptId,
      lastRecordedAt: recordedAtMs,
      fenced: false,
    },
    delta: {
      revision,
      sequence,
      nano: command.nano,
      balanceNano,
      receiptId,
      contentHash,
      previousProofHash,
      recordedAt,
      bodyMac: command.idempotency?.body ?? '',
    },
  };
}

function openedText(identity: CustomerIdentity, openedAt: string): EventText {
  const data = customerRecordOpenedText({
    type: CUSTOMER_RECORD_OPENED,
    v: 1,
    ...identity,
    openedAt,
  });
  return { type: CUSTOMER_RECORD_OPENED, data };
}

/** Canonical text (RFC 8785) of the private part. */
function privatePartText(command: EmitDelta): string {
  const { adjusts, metadata, reason, referenceId, salt } = command;
  if (adjusts === undefined && metadata === undefined) {
    // The usual shape, put together directly; the general path gives the same text (see the spec).
    const reference =
      referenceId === undefined ? '' : `"referenceId":${JSON.stringify(referenceId)},`;
    return `{"reason":${JSON.stringify(reason)},${reference}"salt":"${salt}"}`;
  }
  return canonicalJson({ adjusts, metadata, reason, referenceId, salt } as unknown as Json);
}

/** The time asked for last: deltas of one batch share it, and its text costs as much as a hash. */
let lastTime = { ms: 0, text: new Date(0).toISOString() };

/** RFC 3339 UTC with 3 fraction digits. */
export function timeText(ms: number): string {
  if (ms !== lastTime.ms) lastTime = { ms, text: new Date(ms).toISOString() };
  return lastTime.text;
}
