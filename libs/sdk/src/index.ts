export {
  Balance,
  type Claims,
  type CompareOptions,
  type DeltaOptions,
  type EmitOptions,
} from './balance';
export type { EventsOptions } from './balance-events';
export type { DeriveOptions } from './balance-reads';
export type { ReceiptFile, ReceiptOptions } from './balance-receipts';
export * from './errors';
export type { PacSpaceOptions } from './options';
export { PacSpace } from './pacspace';
export type { Paged } from './paged';
export type { CallOptions, WriteOptions } from './request';
export type { ComparedHead, HistoryComparison } from './receipts/find-difference';
export type { KeyPins } from './receipts/key-ring';
export { ReceiptRefusedError, type ReceiptRefusalCode } from './receipts/receipt-refused';
export type { WaitOptions } from './wait-for-verified';
export type { VerifiedReceipt } from '@deltabook/integrity';
export type {
  ActivityItem,
  BalanceEvent,
  CheckpointFields as Checkpoint,
  CheckpointListReply,
  CheckpointReply,
  CheckpointsReply,
  CompareReply,
  CustomerListReply,
  CustomerReply,
  CustomersSummaryReply,
  CustomerSummary,
  DeltaReply,
  DeltaStatusName,
  DerivedDelta,
  DeriveReply,
  EmitBatchBody,
  EmitBatchReply,
  EmitDeltaBody,
  EmitDeltaReply,
  ErrorCode,
  GapsReply,
  ReceiptReply,
  SystemReply,
  TreeNodesReply,
  VerifyReply,
} from '@deltabook/contracts';
