// Idempotency keys of a batch: one for the whole, or one for each item where the caller gave some.
import type { EmitBatchBody } from '@deltabook/contracts';
import { newIdempotencyKey } from './randomness';
import type { Input } from './request';

/** The request of a batch; made once a call, so that every attempt carries the same keys. */
export async function batchInput(deltas: EmitBatchBody['deltas']): Promise<Input> {
  const ofItems = deltas.some(({ idempotencyKey }) => typeof idempotencyKey === 'string');
  if (!ofItems) return { body: { deltas }, kind: 'write' };
  const keyed = deltas.map(async (delta) => ({
    ...delta,
    idempotencyKey: delta.idempotencyKey ?? (await newIdempotencyKey()),
  }));
  return { body: { deltas: await Promise.all(keyed) }, kind: 'write with keys' };
}
