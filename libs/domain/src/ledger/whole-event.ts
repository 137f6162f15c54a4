// Stored events as whoever follows the log for all customers reads them: a text that was damaged
// must not keep the others waiting. Its customer is fenced, by the verifier, who finds it too.
import {
  isAmountText,
  isHashText,
  isReferenceText,
  isTimeText,
  leafFault,
} from '@deltabook/integrity';
import { ENVIRONMENTS, isCustomerId } from '../identity/names';
import {
  CHECKPOINT_COMMITTED,
  CUSTOMER_FENCED,
  CUSTOMER_RECORD_OPENED,
  CUSTOMER_RELEASED,
  DELTA_EMITTED,
  parseCustomerEvent,
  UnreadableEventError,
  type CheckpointCommitted,
  type CustomerEvent,
  type CustomerRecordOpened,
  type DeltaEmitted,
} from './events';
import { parsePeriod } from './period';
import { LOG_HEAD_SIGNED, parseSealEvent, type SealEvent } from './seal-events';

const MAC = /^[0-9a-f]{64}$/;

/**
 * A stored customer event, or undefined when its text is damaged: none that was ever written has
 * this form. Throws UnreadableEventError for an unknown type or version, as parseCustomerEvent().
 */
export function wholeCustomerEvent(type: string, data: string): CustomerEvent | undefined {
  const event = parsedBy(parseCustomerEvent, type, data);
  return event && isWhole(event) ? event : undefined;
}

/** The same for an event of a seal log. */
export function wholeSealEvent(type: string, data: string): SealEvent | undefined {
  const event = parsedBy(parseSealEvent, type, data);
  return event && isWholeOfSeals(event) ? event : undefined;
}

function parsedBy<Event>(
  parse: (type: string, data: string) => Event,
  type: string,
  data: string,
): Event | undefined {
  try {
    return parse(type, data);
  } catch (error) {
    if (error instanceof UnreadableEventError && hasVersion(data)) throw error;
    return undefined;
  }
}

/** True for JSON that says of which version it is. */
function hasVersion(data: string): boolean {
  const stored = JSON.parse(data) as { readonly v?: unknown };
  return typeof stored.v === 'number';
}

function isWhole(event: CustomerEvent): boolean {
  switch (event.type) {
    case CUSTOMER_RECORD_OPENED:
      return isWholeOpening(event);
    case DELTA_EMITTED:
      return isWholeDelta(event);
    case CUSTOMER_FENCED:
      return isCount(event.fromSequence) && isTimeText(event.fencedAt);
    case CUSTOMER_RELEASED:
      return isTimeText(event.releasedAt);
    case CHECKPOINT_COMMITTED:
      return isWholeCheckpoint(event);
  }
}

function isWholeOfSeals(event: SealEvent): boolean {
  if (event.type === LOG_HEAD_SIGNED) return isCount(event.size) && typeof event.note === 'string';
  const { firstIndex, sealedAt, heads } = event;
  return isCount(firstIndex) && isTimeText(sealedAt) && areHeads(heads);
}

function isWholeOpening(event: CustomerRecordOpened): boolean {
  const { tenant, environment, customerId, reference, openedAt } = event;
  const isNamed = typeof customerId === 'string' && isCustomerId(customerId);
  const isPlaced = typeof tenant === 'string' && ENVIRONMENTS.includes(environment);
  return isNamed && isPlaced && isReferenceText(reference) && isTimeText(openedAt);
}

function isWholeDelta({ leaf, receiptId, idempotency, private: own }: DeltaEmitted): boolean {
  const isMarked = !idempotency || (MAC.test(idempotency.key) && MAC.test(idempotency.body));
  // As it came: it may be anything.
  const content: { readonly reason?: unknown } | null | undefined = own;
  const isOwn = typeof content?.reason === 'string';
  return leafFault(leaf) === undefined && isHashText(receiptId) && isMarked && isOwn;
}

function isWholeCheckpoint(event: CheckpointCommitted): boolean {
  const { period, sequence, deltaCount, openingBalance, balance, supersedes } = event;
  const counts = [sequence, deltaCount, supersedes ?? 0];
  const amounts = [openingBalance, balance];
  const isSummed = counts.every(isCount) && amounts.every(isAmount);
  const isPlaced = parsePeriod(period) !== undefined && isTimeText(event.committedAt);
  return isSummed && isPlaced && isHashText(event.proofRoot);
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isAmount = (value: unknown): boolean => typeof value === 'string' && isAmountText(value);

function areHeads(heads: unknown): boolean {
  return Array.isArray(heads) && heads.every(isHead);
}

function isHead(head: unknown): boolean {
  if (!Array.isArray(head)) return false;
  const [reference, size, root] = head as readonly unknown[];
  return isReferenceText(reference) && isCount(size) && isHashText(root);
}
