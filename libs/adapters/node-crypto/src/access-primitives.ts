// Hashes, MACs and randomness of access, bound to Node's crypto.
import type { AccessPrimitives } from '@deltabook/application';
import { createHash, createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';

export const accessPrimitives: AccessPrimitives = {
  sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  hmacUnder: (keyHex) => {
    const key = createSecretKey(Buffer.from(keyHex, 'hex'));
    return (text) => createHmac('sha256', key).update(text).digest('hex');
  },
  sameHash: (left, right) =>
    left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right)),
  randomHex: (byteCount) => randomBytes(byteCount).toString('hex'),
};
