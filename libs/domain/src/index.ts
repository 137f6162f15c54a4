export {
  formatNano,
  NANO_PER_UNIT,
  nanoOf,
  parseBalance,
  parseDelta,
  type AmountProblem,
  type AmountResult,
} from './money/amount';
export { ENVIRONMENTS, isCustomerId, isName, type Environment } from './identity/names';
export {
  checksumCased,
  customerPartition,
  customerReference,
  customerStream,
  isReference,
  referenceHexOfStream,
  type HmacHex,
  type KeccakHex,
} from './identity/customer-reference';
export { parseRecordId, recordId, recordIdPrefix, type RecordPlace } from './identity/record-id';
export {
  CUSTOMER_RECORD_OPENED,
  customerEventText,
  DELTA_EMITTED,
  parseCustomerEvent,
  UnreadableEventError,
  type Adjusts,
  type CustomerEvent,
  type CustomerRecordOpened,
  type DeltaEmitted,
  type IdempotencyMark,
  type PrivatePart,
} from './ledger/events';
export {
  bodyText,
  IDEMPOTENCY_KEY_DERIVATION,
  isSummaryReferenceId,
  keyText,
  type CustomerScope,
  type DeltaBody,
  type KeySource,
} from './ledger/idempotency';
export { ABSENT, evolve, type Customer } from './ledger/customer';
export {
  decideEmitDelta,
  timeText,
  type CustomerIdentity,
  type DecideContext,
  type Decision,
  type EmitDelta,
  type EmittedDelta,
  type EventText,
  type RefusalCode,
} from './ledger/decide';
export {
  BATCH_ACCEPTED,
  batchAcceptedText,
  batchBodyText,
  batchClaimText,
  batchStream,
  parseBatchAccepted,
  type BatchAccepted,
} from './ledger/batch';
export { eventId, type StoredEventText } from './ledger/event-id';
