// The reply of a batch, put together as text: one result for each item, in order.
import type { DeltaRequest, EmitOutcome } from '@deltabook/application';
import { formatNano, isCustomerId, type KeySource } from '@deltabook/domain';
import { ApiError } from '../api-error';
import { recordedItemText } from './emit-replies';

/** An item that was read, or the error it is answered with. */
export type ReadItem =
  | { readonly request: DeltaRequest; readonly keySource: KeySource | undefined }
  | { readonly error: ApiError; readonly body: unknown };

/** EmitBatchReply. An item without an outcome is one that was wrong. */
export function batchReplyText(
  items: readonly ReadItem[],
  outcomes: readonly (EmitOutcome | undefined)[],
): string {
  let results = '';
  let queuedCount = 0;
  let position = -1n;
  for (const [index, item] of items.entries()) {
    const outcome = outcomes[index];
    if (index > 0) results += ',';
    if (outcome && outcome.kind !== 'refused') {
      queuedCount += 1;
      if (outcome.position > position) position = outcome.position;
      results += recordedItemText(index, outcome);
    } else {
      results += failedItemText(index, item, outcome);
    }
  }
  return (
    `{"totalQueued":${queuedCount},"totalFailed":${items.length - queuedCount},` +
    `"results":[${results}],"position":${queuedCount === 0 ? 'null' : `"${position}"`}}`
  );
}

function failedItemText(
  index: number,
  item: ReadItem,
  outcome: Extract<EmitOutcome, { kind: 'refused' }> | undefined,
): string {
  const error = 'error' in item ? item.error : refusalError(outcome);
  const { code, message, parts, retryAfterSeconds } = error;
  const { field } = parts;
  return JSON.stringify({
    index,
    ...namesOf(item),
    status: 'FAILED',
    error: code,
    message,
    field,
    retryAfterSeconds,
  });
}

function refusalError(outcome: Extract<EmitOutcome, { kind: 'refused' }> | undefined): ApiError {
  if (!outcome) return new ApiError('INTERNAL');
  const { code, retryAfterSeconds } = outcome;
  return new ApiError(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}

/** customerId and delta as they were sent, where they have their form; null where not. */
function namesOf(item: ReadItem): { readonly customerId: string | null; readonly delta: unknown } {
  const body = 'error' in item ? item.body : undefined;
  const { customerId, delta } =
    'request' in item
      ? { customerId: item.request.customerId, delta: Number(formatNano(item.request.nano)) }
      : ((body ?? {}) as { readonly customerId?: unknown; readonly delta?: unknown });
  const known = typeof customerId === 'string' && isCustomerId(customerId);
  const isNumber = typeof delta === 'number' && Number.isFinite(delta);
  return { customerId: known ? customerId : null, delta: isNumber ? delta : null };
}
