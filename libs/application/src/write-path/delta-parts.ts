// What a delta's pending command needs beside the delta: its marks, its metadata, its size.
import { bodyText, keyText, type Environment, type KeySource } from '@deltabook/domain';
import type { TenantKeys } from '../access/principal';
import type { DeltaRequest, Origin } from '../commands/emit-delta/emit-delta.command';

/** Bytes of an event beyond its free texts: leaf, hashes, marks, names, metadata. */
const EVENT_BYTES_BASE = 1_400;
/** UTF-8 bytes that JSON may take for one UTF-16 code unit (an escaped control character). */
const BYTES_PER_CHARACTER_MAX = 6;

/** HMACs of the key and of the body. */
export function markOf(
  keys: TenantKeys,
  environment: Environment,
  delta: DeltaRequest,
  source: KeySource,
): { readonly key: string; readonly body: string } {
  const { customerId } = delta;
  return {
    key: keys.idempotencyHmac(keyText(source, { environment, customerId })),
    body: keys.idempotencyHmac(bodyText(delta)),
  };
}

/** Metadata of events that come from there. */
export function metadataText(origin: Origin): string {
  const { correlationId, door, actor } = origin;
  return JSON.stringify({ correlationId, door, actor });
}

/** Upper bound of the bytes that a delta's events take in the store. */
export function eventBytesMax(delta: DeltaRequest): number {
  const { reason, referenceId, metadata } = delta;
  let characterCount = reason.length + (referenceId?.length ?? 0);
  if (metadata !== undefined) characterCount += JSON.stringify(metadata).length;
  return EVENT_BYTES_BASE + BYTES_PER_CHARACTER_MAX * characterCount;
}
