// The claim of a batch's header key: over the whole body as it was sent, wrong items included.
import type { BatchClaim } from '@deltabook/application';
import { METADATA_LIMITS } from '@deltabook/contracts';
import { canonicalJson, type Json } from '@deltabook/integrity';
import { ApiError } from '../api-error';

/** Levels around the metadata of an item: the body, its array, the item. */
const DEPTH_MAX = METADATA_LIMITS.depthMax + 3;

/** Throws VALIDATION_FAILED where the body has no canonical text, or one that nests too deeply. */
export function claimOf(key: string, body: object): BatchClaim {
  if (hasCanonicalText(body, DEPTH_MAX)) return { key, bodyText: canonicalJson(body as Json) };
  throw new ApiError('VALIDATION_FAILED', {
    field: 'deltas',
    reason:
      'holds a number or a depth that no item may have, so that no Idempotency-Key can be ' +
      'claimed for it',
  });
}

function hasCanonicalText(value: unknown, depthLeft: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depthLeft === 0) return false;
  return Object.values(value).every((member) => hasCanonicalText(member, depthLeft - 1));
}
