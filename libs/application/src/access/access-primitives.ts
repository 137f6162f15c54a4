// What access needs from the platform: hashes, a comparison that tells nothing by its time,
// randomness.
import type { HmacHex } from '@deltabook/domain';

export interface AccessPrimitives {
  /** SHA-256 of a text's UTF-8 bytes, as 64 lower-case hex digits. */
  readonly sha256Hex: (text: string) => string;
  /** HMAC-SHA-256 under a key of 64 hex digits. */
  readonly hmacUnder: (keyHex: string) => HmacHex;
  /** Whether two texts of 64 hex digits are the same, in a time that depends on neither. */
  readonly sameHash: (left: string, right: string) => boolean;
  /** `byteCount` random bytes as lower-case hex digits, from a source fit for secrets. */
  readonly randomHex: (byteCount: number) => string;
}
