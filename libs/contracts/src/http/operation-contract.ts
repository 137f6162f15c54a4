// The contract of one HTTP operation: from it come routes,
// validation, the OpenAPI page and SDK types.
import type { ErrorCode } from '../errors';

/** A class whose class-validator decorators describe a body, a query or a reply. */
export type ContractClass = new () => object;

export interface OperationContract {
  /** lowerCamelCase; operationId of the OpenAPI. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Fastify path, e.g. `/api/v1/balance/delta/:recordId`. */
  readonly path: string;
  /** Scope the API key must have; `public` needs no key. */
  readonly access: 'public' | 'read' | 'write' | 'operate';
  readonly summary: string;
  readonly successStatus: number;
  readonly body?: ContractClass;
  readonly query?: ContractClass;
  readonly params?: ContractClass;
  /** Shape of `data` in the success envelope. */
  readonly reply: ContractClass;
  /** Errors beyond those every operation can answer (key, rate, size, shutdown). */
  readonly errors: readonly ErrorCode[];
}
