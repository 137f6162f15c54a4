export { ERRORS, type ErrorCode } from './errors';
export type { ContractClass, OperationContract } from './http/operation-contract';
