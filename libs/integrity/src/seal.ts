// A seal: one customer's tree head once it was verified. Seals are the entries of the seal log, so
// they name nobody: the reference is a keyed hash, and no content is in it.
import { parsed, unreadable, type Parsed } from './parsed';
import { canonicalObjectText, jsonOf } from './read-json';
import { isHashText, isOrdinalText, isReferenceText, isTimeText } from './read-leaf';

export interface Seal {
  readonly v: 1;
  /** Customer reference, `0x` + 40 hex, checksum-cased. */
  readonly reference: string;
  /** Root of the customer's tree, `0x` + 64 lower-case hex. */
  readonly root: string;
  /** When the verifier sealed it: RFC 3339 UTC, 3 fraction digits. */
  readonly sealedAt: string;
  /** Number of verified deltas, in decimal, at least 1. */
  readonly size: string;
}

/** Canonical text (RFC 8785) of a seal; its UTF-8 bytes are the entry of the seal log. */
export function sealText(seal: Seal): string {
  return (
    `{"reference":"${seal.reference}","root":"${seal.root}",` +
    `"sealedAt":"${seal.sealedAt}","size":"${seal.size}","v":1}`
  );
}

/** Reads the canonical text of a seal. */
export function parseSeal(text: string): Parsed<Seal> {
  const value = jsonOf(text);
  if (!isSeal(value)) return unreadable('the seal lacks a member or has one not of its form');
  return canonicalObjectText(value) === text
    ? parsed(value)
    : unreadable('the seal is not in canonical form');
}

function isSeal(value: unknown): value is Seal {
  const seal = value as Partial<Record<keyof Seal, unknown>> | null | undefined;
  if (typeof seal !== 'object' || seal === null || Object.keys(seal).length !== 5) return false;
  const forms = isReferenceText(seal.reference) && isHashText(seal.root);
  return forms && isTimeText(seal.sealedAt) && isOrdinalText(seal.size) && seal.v === 1;
}
