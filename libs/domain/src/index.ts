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
export {
  checkpointId,
  checkpointsId,
  parseCheckpointId,
  parseCheckpointsId,
  parseRecordId,
  recordId,
  recordIdPrefix,
  type RecordPlace,
} from './identity/record-id';
export {
  CHECKPOINT_COMMITTED,
  checkpointCommittedText,
  CUSTOMER_FENCED,
  CUSTOMER_RECORD_OPENED,
  CUSTOMER_RELEASED,
  customerEventText,
  customerFencedText,
  customerReleasedText,
  DELTA_EMITTED,
  parseCustomerEvent,
  UnreadableEventError,
  type Adjusts,
  type CheckpointCommitted,
  type CustomerEvent,
  type CustomerFenced,
  type CustomerRecordOpened,
  type CustomerReleased,
  type DeltaEmitted,
  type IdempotencyMark,
  type PrivatePart,
} from './ledger/events';
export {
  DELTAS_VERIFIED,
  LOG_HEAD_SIGNED,
  parseSealEvent,
  sealEventText,
  sealLogOrigin,
  sealScopeOfStream,
  sealStream,
  type DeltasVerified,
  type LogHeadSigned,
  type SealEvent,
  type SealScope,
  type VerifiedTreeHead,
} from './ledger/seal-events';
export { wholeCustomerEvent, wholeSealEvent } from './ledger/whole-event';
export { deltaTextOf, readDeltaEvent, readDeltaText, type DeltaText } from './ledger/delta-text';
export {
  bodyText,
  IDEMPOTENCY_KEY_DERIVATION,
  isSummaryReferenceId,
  keyText,
  type CustomerScope,
  type DeltaBody,
  type KeySource,
} from './ledger/idempotency';
export {
  decideCommitCheckpoint,
  type CheckpointDecision,
  type CheckpointFacts,
  type CheckpointRefusalCode,
  type CommitCheckpoint,
  type DeltaPoint,
  type PlacedCheckpoint,
} from './ledger/decide-checkpoint';
export {
  monthsOf,
  parsePeriod,
  periodOf,
  readScope,
  TIME_PRESETS,
  type Period,
  type ScopeProblem,
  type ScopeRequest,
  type ScopeResult,
  type TimePreset,
  type TimeScope,
} from './ledger/period';
export { parseTime } from './ledger/time';
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
export {
  API_KEY_LENGTH_MAX,
  apiKeyText,
  isApiKeyName,
  parseApiKey,
  publicKeyOf,
  SCOPES,
  secretHashText,
  type PresentedKey,
  type Scope,
} from './access/api-key';
export {
  API_KEY_ISSUED,
  API_KEY_REVOKED,
  CHECKPOINTS_COMPLETED,
  CHECKPOINTS_REQUESTED,
  parseTenantEvent,
  TENANT_CREATED,
  tenantEventText,
  tenantOfStream,
  tenantStream,
  type ApiKeyIssued,
  type ApiKeyRevoked,
  type CheckpointsCompleted,
  type CheckpointsRequested,
  type TenantCreated,
  type TenantEvent,
} from './access/tenant-events';
export {
  INSTALLATION_STREAM,
  installationEventText,
  LOG_CREATED,
  LOG_FORMAT,
  parseInstallationEvent,
  SIGNING_KEY_ACTIVATED,
  type InstallationEvent,
  type LogCreated,
  type SigningKeyActivated,
} from './access/installation-events';
export {
  evolveTenant,
  NO_TENANT,
  type ApiKey,
  type CheckpointsRequest,
  type PlacedTenantEvent,
  type Tenant,
} from './access/tenant';
export {
  decideCompleteCheckpoints,
  decideRequestCheckpoints,
  latestRequest,
  type CompleteCheckpoints,
  type RequestCheckpoints,
} from './access/decide-checkpoints';
export {
  ACTIVE_API_KEYS_MAX,
  decideCreateTenant,
  decideIssueApiKey,
  decideRevokeApiKey,
  type CreateTenant,
  type IssueApiKey,
  type RevokeApiKey,
  type TenantDecision,
  type TenantRefusalCode,
} from './access/decide-tenant';
