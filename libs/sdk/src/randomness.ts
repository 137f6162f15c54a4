// Random bytes wherever this package runs: Web Crypto, or Node 18's own module where it is not
// global.

type FillRandom = (bytes: Uint8Array) => unknown;

/** A variable, so that bundlers for browsers do not try to bundle it. */
const NODE_CRYPTO = 'node:crypto';

async function fillRandom(): Promise<FillRandom> {
  const web = (globalThis as { crypto?: { getRandomValues: FillRandom } }).crypto;
  if (web !== undefined) return (bytes) => web.getRandomValues(bytes);
  const node = (await import(/* @vite-ignore */ /* webpackIgnore: true */ NODE_CRYPTO)) as {
    webcrypto: { getRandomValues: FillRandom };
  };
  return (bytes) => node.webcrypto.getRandomValues(bytes);
}

async function randomBytes(count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  (await fillRandom())(bytes);
  return bytes;
}

const KEY_BYTES = 16;

/**
 * A new idempotency key: 128 random bits. Works on pages without TLS too, where randomUUID does
 * not.
 */
export async function newIdempotencyKey(): Promise<string> {
  const digits = [...(await randomBytes(KEY_BYTES))].map((byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `sdk-${digits.join('')}`;
}

/** A random part of a whole, from 0 up to but not 1. */
export async function randomFraction(): Promise<number> {
  const [byte = 0] = await randomBytes(1);
  return byte / 256;
}
