// The customer reference: the same customerId of the same
// tenant and environment always has the same.
import type { Environment } from './names';

/** HMAC-SHA-256 of a text's UTF-8 bytes under a fixed key, as 64 lower-case hex digits. */
export type HmacHex = (text: string) => string;
/** Keccak-256 of an ASCII text, as 64 lower-case hex digits (EIP-55 casing needs it). */
export type KeccakHex = (ascii: string) => string;

const REFERENCE = /^0x[0-9a-fA-F]{40}$/;
const STREAM_CATEGORY = 'customer-';

/**
 * `0x` + the first 20 bytes of HMAC-SHA-256(tenant's reference key,
 * "deltabook:reference:v1" NUL environment NUL customerId), cased after EIP-55.
 */
export function customerReference(
  environment: Environment,
  customerId: string,
  primitives: { readonly referenceHmac: HmacHex; readonly keccak256: KeccakHex },
): string {
  const mac = primitives.referenceHmac(`deltabook:reference:v1\0${environment}\0${customerId}`);
  return checksumCased(mac.slice(0, 40), primitives.keccak256);
}

/**
 * EIP-55: a letter is upper case where the digit of
 * keccak-256(lower-case hex) at its place is >= 8.
 */
export function checksumCased(hex40: string, keccak256: KeccakHex): string {
  const digest = keccak256(hex40);
  let cased = '0x';
  for (let i = 0; i < 40; i += 1) {
    const digit = hex40.charAt(i);
    cased += digest.charCodeAt(i) >= '8'.charCodeAt(0) ? digit.toUpperCase() : digit;
  }
  return cased;
}

/** Decimal text of the reference's first 32 bits, unsigned. */
export function customerPartition(reference: string): string {
  return Number.parseInt(reference.slice(2, 10), 16).toString();
}

/** Name of the customer's stream: `customer-` + 40 lower-case hex. */
export function customerStream(reference: string): string {
  return STREAM_CATEGORY + reference.slice(2).toLowerCase();
}

/**
 * Lower-case hex of the reference that a customer stream belongs to; undefined for other streams.
 */
export function referenceHexOfStream(stream: string): string | undefined {
  return stream.startsWith(STREAM_CATEGORY) ? stream.slice(STREAM_CATEGORY.length) : undefined;
}

export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}
