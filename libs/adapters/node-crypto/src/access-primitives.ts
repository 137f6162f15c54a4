// Hashes, MACs and randomness of access, bound to Node's crypto.
import type { AccessPrimitives } from '@deltabook/application';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { hmacSha256Hex, sha256Hex } from './hashes';

export const accessPrimitives: AccessPrimitives = {
  sha256Hex,
  hmacUnder: (keyHex) => hmacSha256Hex(Buffer.from(keyHex, 'hex')),
  sameHash: (left, right) =>
    left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right)),
  randomHex: (byteCount) => randomBytes(byteCount).toString('hex'),
};
