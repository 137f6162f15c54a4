export { errorEntry, ERRORS, type ErrorCode, type ErrorDetail } from './errors';
export type { ErrorEntry } from './errors/error-entry';
export {
  BODY_BYTES_MAX,
  type ContractClass,
  type OperationContract,
} from './http/operation-contract';
export * from './http/api-keys.contract';
export * from './http/balance-events.contract';
export * from './http/checkpoint-fields';
export * from './http/compare-balances.contract';
export * from './http/create-checkpoint.contract';
export * from './http/customer-activity';
export * from './http/delta-fields';
export * from './http/derive-balance.contract';
export * from './http/emit-batch.contract';
export * from './http/emit-delta.contract';
export { freeJsonProblem, type FreeJsonLimits, type FreeJsonProblem } from './http/free-json';
export * from './http/get-checkpoint.contract';
export * from './http/get-customer.contract';
export * from './http/get-delta.contract';
export { isIdempotencyKey } from './http/idempotency-key';
export * from './http/get-receipt.contract';
export * from './http/list-checkpoints.contract';
export * from './http/get-tree-nodes.contract';
export * from './http/get-system.contract';
export * from './http/list-customers.contract';
export * from './http/list-gaps.contract';
export * from './http/pagination';
export * from './http/query-text';
export * from './http/scope-query';
export * from './http/read-query';
export * from './http/receipt-proof';
export type { JsonSchema } from './http/rules';
export * from './http/span-fields';
export * from './http/starting-query';
export * from './http/summarize-customers.contract';
export * from './http/text-limits';
export * from './http/verify-root.contract';
export { schemaOf, type SchemaOfNested } from './schema/schema-of';
