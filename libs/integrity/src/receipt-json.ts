// The JSON form of a receipt: the same content as the file, for programs that speak HTTP.
import { bytesOfHex, hexOf } from './bytes';
import type { Json } from './canonical-json';
import type { Leaf } from './leaf';
import { countOf, parsed, unreadable, type Parsed } from './parsed';
import { canonicalObjectText, jsonOf, membersOf } from './read-json';
import { isHashText, parseLeaf } from './read-leaf';
import { RECEIPT_FORMAT, type Receipt, type ReceiptDelta, type ReceiptPeriod } from './receipt';
import { parsePeriod } from './receipt-file';
import { parseSeal, type Seal } from './seal';

/** Hashes are `0x` + 64 hex, numbers decimal texts. */
export interface ReceiptJson {
  readonly format: typeof RECEIPT_FORMAT;
  readonly seal: Seal;
  readonly period?: ReceiptPeriod;
  readonly deltas: readonly ReceiptDeltaJson[];
  readonly treeHashes: readonly string[];
  readonly sealProof: {
    readonly index: string;
    readonly hashes: readonly string[];
    readonly logHead: string;
  };
}

export interface ReceiptDeltaJson {
  readonly leaf: Leaf;
  readonly private?: { readonly [name: string]: Json };
}

/** JSON form of one delta of a receipt, for whoever writes long receipts in pieces. */
export function receiptDeltaJson(delta: ReceiptDelta): ReceiptDeltaJson {
  if (delta.private === undefined) return { leaf: delta.leaf };
  return { leaf: delta.leaf, private: jsonOf(delta.private) as { [name: string]: Json } };
}

export function receiptJson(receipt: Receipt): ReceiptJson {
  const { index, hashes, logHead } = receipt.sealProof;
  return {
    format: RECEIPT_FORMAT,
    seal: receipt.seal,
    ...(receipt.period ? { period: receipt.period } : {}),
    deltas: receipt.deltas.map(receiptDeltaJson),
    treeHashes: receipt.treeHashes.map(hashText),
    sealProof: { index: String(index), hashes: hashes.map(hashText), logHead },
  };
}

const hashText = (hash: Uint8Array): string => `0x${hexOf(hash)}`;

/** Reads a receipt out of parsed JSON; members that this form does not have are left alone. */
export function parseReceiptJson(value: unknown): Parsed<Receipt> {
  const json = membersOf(value);
  if (json['format'] !== RECEIPT_FORMAT) {
    return unreadable(`the receipt is not of the form ${RECEIPT_FORMAT}`);
  }
  const seal = parseSeal(canonicalObjectText(json['seal']) ?? '');
  if (!seal.ok) return seal;
  const period = periodOf(json['period']);
  if (!period.ok) return period;
  const deltas = deltasOf(json['deltas']);
  if (!deltas.ok) return deltas;
  const proofs = proofsOf(json);
  if (!proofs.ok) return proofs;
  return parsed({ seal: seal.value, ...period.value, deltas: deltas.value, ...proofs.value });
}

function periodOf(value: unknown): Parsed<Pick<Receipt, 'period'>> {
  if (value === undefined) return parsed({});
  const period = parsePeriod(canonicalObjectText(value) ?? '');
  return period.ok ? parsed({ period: period.value }) : period;
}

function deltasOf(value: unknown): Parsed<ReceiptDelta[]> {
  if (!Array.isArray(value)) return unreadable('the receipt has no list of deltas');
  const deltas: ReceiptDelta[] = [];
  for (const item of value) {
    const delta = deltaOf(membersOf(item));
    if (!delta.ok) return delta;
    deltas.push(delta.value);
  }
  return parsed(deltas);
}

function deltaOf(json: Readonly<Record<string, unknown>>): Parsed<ReceiptDelta> {
  const leaf = parseLeaf(canonicalObjectText(json['leaf']) ?? '');
  if (!leaf.ok) return leaf;
  if (json['private'] === undefined) return parsed({ leaf: leaf.value });
  const content = canonicalObjectText(json['private']);
  return content === undefined
    ? unreadable('a private part is no JSON object')
    : parsed({ leaf: leaf.value, private: content });
}

function proofsOf(
  json: Readonly<Record<string, unknown>>,
): Parsed<Pick<Receipt, 'treeHashes' | 'sealProof'>> {
  const proof = membersOf(json['sealProof']);
  const index = countOf(textOf(proof['index']));
  const [treeHashes, hashes] = [hashesOfTexts(json['treeHashes']), hashesOfTexts(proof['hashes'])];
  if (index === undefined || !treeHashes || !hashes) {
    return unreadable('the receipt lacks an index or hashes of 0x and 64 hex digits');
  }
  return parsed({ treeHashes, sealProof: { index, hashes, logHead: textOf(proof['logHead']) } });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function hashesOfTexts(value: unknown): Uint8Array[] | undefined {
  if (!Array.isArray(value) || !value.every(isHashText)) return undefined;
  return value.map((text) => bytesOfHex(text.slice(2)) ?? new Uint8Array(0));
}
