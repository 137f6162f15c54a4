// The id of a stored event: derived, so that repeating an append repeats its ids on every store.
import type { Sha256Hex } from '@deltabook/integrity';

/** What an event is in its stream. */
export interface StoredEventText {
  /** Name without the installation's prefix. */
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/**
 * First 128 bits of SHA-256(stream NUL revision NUL type NUL data NUL metadata), written as a UUID
 * (8-4-4-4-12 hex digits; no version bits are set).
 */
export function eventId(event: StoredEventText, sha256Hex: Sha256Hex): string {
  const { stream, revision, type, data, metadata } = event;
  const hex = sha256Hex(`${stream}\0${revision}\0${type}\0${data}\0${metadata}`);
  return [0, 8, 12, 16, 20].map((start, i, all) => hex.slice(start, all[i + 1] ?? 32)).join('-');
}
