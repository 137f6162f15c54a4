// What the write path hashes with must be what everyone else calls by that name.
import { createHmac, createHash } from 'node:crypto';
import { hmacSha256Hex, keccak256Hex, saltSource, sha256Hex } from './hashes';

const TEXTS = [
  '',
  'abc',
  'caller\0sandbox\0cust_001\0key',
  'é€😀',
  'x'.repeat(5_000),
  '€'.repeat(9_000),
  'y',
];

it.each([1, 32, 64])('HMAC-SHA-256 under a key of %d bytes is that of the platform', (length) => {
  const key = Buffer.alloc(length, 0xa7);
  const mac = hmacSha256Hex(key);
  for (const text of TEXTS) {
    expect(mac(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
  }
});

it('refuses a key that RFC 2104 would hash first', () => {
  expect(() => hmacSha256Hex(Buffer.alloc(65))).toThrow('an HMAC key has at most 64 bytes');
});

it('SHA-256 takes the UTF-8 bytes of a text', () => {
  for (const text of TEXTS) {
    expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
  }
});

it('Keccak-256 is the one before the padding of SHA-3', () => {
  // The empty string's digest as the Ethereum yellow paper gives it.
  expect(keccak256Hex('')).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
});

it('salts are 32 hex digits and do not repeat, over several draws', () => {
  const salt = saltSource();
  const salts = new Set(Array.from({ length: 1_000 }, salt));
  expect(salts.size).toBe(1_000);
  for (const one of salts) expect(one).toMatch(/^[0-9a-f]{32}$/);
});
