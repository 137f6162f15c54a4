// The contract of one HTTP operation: from it come routes,
// validation, the OpenAPI page and SDK types.
import type { ErrorCode } from '../errors';

/** A class whose class-validator decorators describe a body, a query or a reply. */
export type ContractClass = new () => object;

/** Bytes of a body at most, where the contract does not say otherwise. */
export const BODY_BYTES_MAX = 64 * 1024;

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
  /** Takes the header Idempotency-Key. */
  readonly idempotencyKey?: true;
  /** Bytes of its body at most; 64 KiB when not given. */
  readonly bodyBytesMax?: number;
  readonly body?: ContractClass;
  readonly query?: ContractClass;
  readonly params?: ContractClass;
  /** Shape of `data` in the success envelope. */
  readonly reply: ContractClass;
  /** Another shape of it, and for which requests. */
  readonly otherReply?: { readonly reply: ContractClass; readonly when: string };
  /** What it also answers, as a file without the envelope, and which query asks for it. */
  readonly file?: { readonly type: string; readonly when: string };
  /** Errors beyond those every operation can answer (key, rate, size, shutdown). */
  readonly errors: readonly ErrorCode[];
}
