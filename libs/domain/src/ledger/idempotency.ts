// Idempotency: which texts name an operation and its body. They are stored as HMACs under a
// key that is derived from the tenant's, so that stored events reveal neither keys nor bodies.
import { canonicalJson, type Json } from '@deltabook/integrity';
import type { Environment } from '../identity/names';
import type { Adjusts } from './events';

/** Text whose HMAC under the tenant's reference key is the tenant's idempotency key. */
export const IDEMPOTENCY_KEY_DERIVATION = 'deltabook:idempotency:v1';

const SUMMARY_REFERENCE_ID = /^sum_[0-9a-f]{48}$/;

export interface CustomerScope {
  readonly environment: Environment;
  readonly customerId: string;
}

/** What a caller's key for one operation was made from; kinds never collide. */
export type KeySource =
  | { readonly kind: 'caller'; readonly key: string }
  | { readonly kind: 'batch'; readonly key: string; readonly index: number }
  | { readonly kind: 'summary'; readonly referenceId: string }
  | {
      readonly kind: 'kafka';
      readonly cluster: string;
      readonly topic: string;
      readonly epoch: string;
      readonly partition: number;
      readonly offset: string;
    };

/** Text to be HMACed: kind, environment, customerId and the key's parts, NUL between. */
export function keyText(source: KeySource, scope: CustomerScope): string {
  const start = `${source.kind}\0${scope.environment}\0${scope.customerId}\0`;
  switch (source.kind) {
    case 'caller':
      return start + source.key;
    case 'batch':
      return `${start}${source.index}\0${source.key}`;
    case 'summary':
      return start + source.referenceId;
    case 'kafka': {
      const { cluster, topic, epoch, partition, offset } = source;
      return start + [cluster, topic, epoch, partition, offset].join('\0');
    }
  }
}

/** Everything that makes two requests with one key the same request; absent and null alike. */
export interface DeltaBody {
  readonly customerId: string;
  readonly nano: bigint;
  readonly reason: string;
  readonly referenceId?: string | undefined;
  readonly metadata?: { readonly [key: string]: Json } | undefined;
  readonly occurredAt?: string | undefined;
  readonly adjusts?: Adjusts | undefined;
}

/** Text to be hashed and HMACed as the body: kind NUL canonical JSON (RFC 8785) of the body. */
export function bodyText(body: DeltaBody): string {
  // Members in canonical order, put together directly: this runs once for each keyed write.
  const adjusts = body.adjusts ? `"adjusts":${canonicalJson(body.adjusts as Json)},` : '';
  const metadata = body.metadata ? `"metadata":${canonicalJson(body.metadata)},` : '';
  const occurredAt = body.occurredAt ? `"occurredAt":"${body.occurredAt}",` : '';
  const referenceId =
    body.referenceId === undefined ? '' : `,"referenceId":${JSON.stringify(body.referenceId)}`;
  return (
    `body\0{${adjusts}"customerId":"${body.customerId}","delta":"${body.nano}",${metadata}` +
    `${occurredAt}"reason":${JSON.stringify(body.reason)}${referenceId}}`
  );
}

/**
 * PacSpace's SDK repeats summary batches without a key: such an item is keyed by its referenceId.
 */
export function isSummaryReferenceId(referenceId: string): boolean {
  return SUMMARY_REFERENCE_ID.test(referenceId);
}
