// recordId names one delta without an index: `rec_` + base32 of its customer's reference and
// revision; checkpointId a checkpoint, with `chk_`.

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const RECORD_ID = /^rec_([a-z2-7]{32})([a-z2-7]{8})$/;
const CHECKPOINT_ID = /^chk_([a-z2-7]{32})([a-z2-7]{8})$/;
const CHECKPOINTS_ID = /^chk_all_([a-z2-7]{8})$/;
const REVISION_DIGITS = 8;

/** A place in a customer's stream: 40 lower-case hex of its reference, 0-based revision. */
export interface RecordPlace {
  readonly referenceHex: string;
  readonly revision: number;
}

/**
 * The part of a recordId that all deltas of a customer
 * share: `rec_` + 32 base32 digits (RFC 4648, lower case).
 */
export function recordIdPrefix(reference: string): string {
  const hex = reference.slice(2).toLowerCase();
  let prefix = 'rec_';
  // 5 hex digits are 20 bits are 4 base32 digits.
  for (let i = 0; i < 40; i += 5) prefix += base32(Number.parseInt(hex.slice(i, i + 5), 16), 4);
  return prefix;
}

/**
 * recordId of the delta at `revision`; `prefix` as recordIdPrefix() gives it. 40 bits of revision.
 */
export function recordId(prefix: string, revision: number): string {
  return prefix + base32(revision, REVISION_DIGITS);
}

/** checkpointId of the checkpoint at `revision`; `prefix` as recordIdPrefix() gives it. */
export function checkpointId(prefix: string, revision: number): string {
  return `chk_${prefix.slice('rec_'.length)}${base32(revision, REVISION_DIGITS)}`;
}

/** checkpointId of checkpoints for all, asked for at `revision` of the tenant's stream. */
export function checkpointsId(revision: number): string {
  return `chk_all_${base32(revision, REVISION_DIGITS)}`;
}

function base32(value: number, digits: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < digits; i += 1) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Where a recordId points, or undefined when it is none. */
export function parseRecordId(text: string): RecordPlace | undefined {
  return placeOf(RECORD_ID.exec(text));
}

/** Where the checkpointId of one customer points, or undefined when it is none. */
export function parseCheckpointId(text: string): RecordPlace | undefined {
  return placeOf(CHECKPOINT_ID.exec(text));
}

/** Revision in the tenant's stream of checkpoints for all; undefined when it is no id of such. */
export function parseCheckpointsId(text: string): number | undefined {
  const digits = CHECKPOINTS_ID.exec(text)?.[1];
  return digits === undefined ? undefined : fromBase32(digits);
}

function placeOf(match: RegExpExecArray | null): RecordPlace | undefined {
  if (!match) return undefined;
  const place = match[1] ?? '';
  let referenceHex = '';
  for (let i = 0; i < 32; i += 4) {
    referenceHex += fromBase32(place.slice(i, i + 4))
      .toString(16)
      .padStart(5, '0');
  }
  return { referenceHex, revision: fromBase32(match[2] ?? '') };
}

function fromBase32(text: string): number {
  let value = 0;
  for (const digit of text) value = value * 32 + ALPHABET.indexOf(digit);
  return value;
}
