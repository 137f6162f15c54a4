// Errors that every operation of a kind can answer, so that contracts name only their own.
import type { ErrorCode, OperationContract } from '@deltabook/contracts';

const OF_ALL = ['VALIDATION_FAILED', 'INVALID_URL', 'TOO_MANY_REQUESTS', 'INTERNAL'] as const;
const OF_KEYED = [
  'MISSING_API_KEY',
  'MALFORMED_API_KEY',
  'INVALID_API_KEY',
  'FORBIDDEN',
  'TENANT_OVERLOADED',
] as const;
const OF_CHANGES = ['SHUTTING_DOWN', 'BODY_TOO_LARGE', 'REQUEST_INCOMPLETE'] as const;
const OF_BODIES = ['INVALID_JSON', 'UNSUPPORTED_MEDIA_TYPE'] as const;
const OF_READS = ['POSITION_NOT_REACHED', 'PROJECTION_BUILDING'] as const;

export function commonErrors(contract: OperationContract): readonly ErrorCode[] {
  return [
    ...OF_ALL,
    ...(contract.access === 'public' ? [] : OF_KEYED),
    ...(contract.method === 'GET' ? [] : OF_CHANGES),
    ...(contract.body ? OF_BODIES : []),
    ...(contract.access === 'read' ? OF_READS : []),
    ...(contract.idempotencyKey ? (['INVALID_IDEMPOTENCY_KEY'] as const) : []),
  ];
}
