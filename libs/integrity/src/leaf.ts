// The leaf of a delta: what its receiptId commits to, and through previousProofHash all before it.

/**
 * SHA-256 of a text's UTF-8 bytes, as 64 lower-case hex digits. Node and browsers bind their own.
 */
export type Sha256Hex = (text: string) => string;

/** previousProofHash of a customer's first delta: 32 zero bytes. */
export const FIRST_PREVIOUS_PROOF_HASH = `0x${'0'.repeat(64)}`;

/**
 * Public part of a delta. Decimals are canonical (no exponent, no trailing zero),
 * times are RFC 3339 UTC with 3 fraction digits, hashes are `0x` + 64 lower-case hex.
 */
export interface Leaf {
  readonly v: 1;
  /** Customer reference, `0x` + 40 hex, checksum-cased. */
  readonly reference: string;
  /** 1-based number of the delta in its customer's history. */
  readonly sequence: string;
  readonly delta: string;
  /** Balance after this delta. */
  readonly balance: string;
  readonly recordedAt: string;
  /** The caller's time of the fact; '' when none was given. */
  readonly occurredAt: string;
  readonly contentHash: string;
  readonly previousProofHash: string;
}

/**
 * Canonical text (RFC 8785) of a leaf; its values need no escaping, so it is put together directly.
 */
export function leafText(leaf: Leaf): string {
  return (
    `{"balance":"${leaf.balance}","contentHash":"${leaf.contentHash}","delta":"${leaf.delta}",` +
    `"occurredAt":"${leaf.occurredAt}","previousProofHash":"${leaf.previousProofHash}",` +
    `"recordedAt":"${leaf.recordedAt}","reference":"${leaf.reference}",` +
    `"sequence":"${leaf.sequence}","v":1}`
  );
}

/**
 * A leaf's text and its RFC 6962 leaf hash, SHA-256(0x00 || text), as `0x` hex: the receiptId of
 * the delta. The text is cut from what was hashed: one that is still in pieces would be put
 * together again by everyone who stores or sends it.
 */
export function hashedLeaf(
  leaf: Leaf,
  sha256Hex: Sha256Hex,
): { readonly text: string; readonly hash: string } {
  const hashed = `\0${leafText(leaf)}`;
  return { hash: `0x${sha256Hex(hashed)}`, text: hashed.slice(1) };
}
