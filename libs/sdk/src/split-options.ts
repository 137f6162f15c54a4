// Methods take one options object, as PacSpace's do: what is about the call is told from what is
// sent.
import type { WriteOptions } from './request';

/** Parts an options object into the call's options and what is left for the request. */
export function splitOptions<Sent extends object>(
  options: Sent & WriteOptions,
): { readonly call: WriteOptions; readonly sent: Omit<Sent, keyof WriteOptions> } {
  const { signal, timeout, maxRetries, idempotencyKey, ...sent } = options;
  return { call: { signal, timeout, maxRetries, idempotencyKey }, sent };
}
