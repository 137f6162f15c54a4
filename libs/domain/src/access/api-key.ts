// API keys as callers present them: pk_test_<public id>.<secret> for sandbox, pk_live_… for
// production.
import type { Environment } from '../identity/names';

/** read: all reads; write: emit and checkpoint; operate: keys and system pages. */
export const SCOPES = ['read', 'write', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];

/** The longest key text there can be; longer ones need no look. */
export const API_KEY_LENGTH_MAX = 8 + 64 + 1 + 128;

const API_KEY = /^(pk_(test|live)_[A-Za-z0-9_-]{4,64})\.([A-Za-z0-9_-]{32,128})$/;
const KEY_NAME_LENGTH_MAX = 100;

/** A key text taken apart. */
export interface PresentedKey {
  readonly environment: Environment;
  /** `pk_test_<public id>` or `pk_live_<public id>`: names the key, is no secret. */
  readonly publicKey: string;
  readonly secret: string;
}

/**
 * The parts of a key text; undefined when it does not have the form (secret: 32 to 128 characters).
 */
export function parseApiKey(text: string): PresentedKey | undefined {
  if (text.length > API_KEY_LENGTH_MAX) return undefined;
  const [, publicKey, world, secret] = API_KEY.exec(text) ?? [];
  if (publicKey === undefined || secret === undefined) return undefined;
  return { environment: world === 'live' ? 'production' : 'sandbox', publicKey, secret };
}

/** `pk_test_<public id>` or `pk_live_<public id>`. */
export function publicKeyOf(environment: Environment, publicId: string): string {
  return `${environment === 'production' ? 'pk_live_' : 'pk_test_'}${publicId}`;
}

/** The whole key, which is shown once and never stored. */
export function apiKeyText(publicKey: string, secret: string): string {
  return `${publicKey}.${secret}`;
}

/**
 * Text whose SHA-256 is stored instead of the secret. The public key in it keeps equal secrets of
 * two keys apart. A fast hash is enough: secrets are random, 192 bits for issued keys and at least
 * 32 characters for given ones, so there is nothing to guess that a slow hash would make dearer.
 */
export function secretHashText(publicKey: string, secret: string): string {
  return `deltabook:api-key:v1\0${publicKey}\0${secret}`;
}

/** What people call a key: 1 to 100 characters, none of them a control character. */
export function isApiKeyName(value: string): boolean {
  return (
    value.length >= 1 && value.length <= KEY_NAME_LENGTH_MAX && /^[^\p{Cc}\p{Cs}]+$/u.test(value)
  );
}
