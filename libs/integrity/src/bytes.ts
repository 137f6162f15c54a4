// Bytes and their texts. Every reader here is strict: one value has one text, so that
// a flipped bit of an encoding can never pass as another spelling of the same proof.

const HEX_DIGITS = '0123456789abcdef';
const BASE64_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const HAS_WELL_FORMED = 'isWellFormed' in String.prototype;
const HALF_PAIR = /\p{Surrogate}/u;
const PADDING = '='.charCodeAt(0);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const base64Codes = encoder.encode(BASE64_ALPHABET);
const base64Values = valuesByCode(BASE64_ALPHABET);
const hexCodes = encoder.encode(HEX_DIGITS);
const hexValues = valuesByCode(HEX_DIGITS);

function valuesByCode(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(-1);
  encoder.encode(alphabet).forEach((code, value) => (values[code] = value));
  return values;
}

/** True when no half of a surrogate pair stands alone. Node 18, a client's, has no such method. */
export function isWellFormed(text: string): boolean {
  return HAS_WELL_FORMED ? text.isWellFormed() : !HALF_PAIR.test(text);
}

/**
 * The same text in memory of its own: one cut out of a longer text, as by slice(), keeps all of it
 * alive for as long as it lives.
 */
export function ownText(text: string): string {
  return ` ${text}`.slice(1);
}

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Text of UTF-8 bytes; undefined when they are not valid UTF-8. */
export function textOfUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export function bytesEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Lower-case hex digits, without `0x`. */
export function hexOf(bytes: Uint8Array): string {
  const codes = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    codes[2 * at] = hexCodes[byte >> 4] ?? 0;
    codes[2 * at + 1] = hexCodes[byte & 15] ?? 0;
  }
  return decoder.decode(codes);
}

/** Bytes of lower-case hex digits without `0x`; undefined for anything else. */
export function bytesOfHex(hex: string): Uint8Array | undefined {
  const bytes = new Uint8Array(hex.length >> 1);
  let isHex = hex.length % 2 === 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const high = hexValues[hex.charCodeAt(2 * at)] ?? -1;
    const low = hexValues[hex.charCodeAt(2 * at + 1)] ?? -1;
    isHex &&= high >= 0 && low >= 0;
    bytes[at] = (high << 4) | low;
  }
  return isHex ? bytes : undefined;
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function base64Of(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(PADDING);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const rest = bytes.length - from;
    const group =
      ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    const digits = rest > 2 ? 4 : rest + 1;
    for (let digit = 0; digit < digits; digit += 1) {
      codes[to + digit] = base64Codes[(group >> (18 - 6 * digit)) & 63] ?? 0;
    }
  }
  return decoder.decode(codes);
}

/**
 * Bytes of standard base64; undefined for missing padding, stray characters or loose trailing bits.
 */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = paddingOf(text);
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (let digit = 0; digit < digits; digit += 1) {
    const value = base64Values[text.charCodeAt(digit)] ?? -1;
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xfff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes[at] = (bits >> bitCount) & 0xff;
      at += 1;
    }
  }
  return (bits & ((1 << bitCount) - 1)) === 0 ? bytes : undefined;
}

function paddingOf(base64: string): number {
  if (base64.endsWith('==')) return 2;
  return base64.endsWith('=') ? 1 : 0;
}

/** Base64 of bytes that come in pieces: the pieces' texts in order are the text of the whole. */
export class Base64Pieces {
  private pending: Uint8Array = new Uint8Array(0);

  /** Text of what is complete so far; up to two bytes wait for the next piece. */
  push(bytes: Uint8Array): string {
    const all = concatBytes([this.pending, bytes]);
    const whole = all.length - (all.length % 3);
    this.pending = all.slice(whole);
    return base64Of(all.subarray(0, whole));
  }

  /** Text of the last bytes, with padding. */
  end(): string {
    const text = base64Of(this.pending);
    this.pending = new Uint8Array(0);
    return text;
  }
}
