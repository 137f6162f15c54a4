// The receipt file: a c2sp.org/tlog-proof@v1 whose record is the seal and whose `extra` line brings
// the seal and the inner proof as lines of text, an empty line, and hashes of 32 bytes each.
import { Base64Pieces, concatBytes, textOfUtf8, utf8 } from './bytes';
import { leafText } from './leaf';
import { hashesOf } from './merkle-tree';
import { parsed, unreadable, type Parsed } from './parsed';
import { isCanonicalObject, jsonOf, membersOf } from './read-json';
import { isTimeText, parseLeaf } from './read-leaf';
import {
  RECEIPT_FORMAT,
  type Receipt,
  type ReceiptDelta,
  type ReceiptPeriod,
  type SealProof,
} from './receipt';
import { parseSeal, sealText, type Seal } from './seal';
import { parseTlogProof, TLOG_PROOF_HEADER, tlogProofTail } from './tlog-proof';
import { HASH_BYTES } from './tree-hash';

const NEWLINE = 10;

/** Writes a receipt file in pieces, so that a long period is never held in memory. */
export class ReceiptFileWriter {
  private readonly extra = new Base64Pieces();

  /** First piece of the text. */
  start(seal: Seal, period?: ReceiptPeriod): string {
    const periodLine = period ? `period ${periodText(period)}\n` : '';
    const text = `${RECEIPT_FORMAT}\nseal ${sealText(seal)}\n${periodLine}`;
    return `${TLOG_PROOF_HEADER}extra ${this.extra.push(utf8(text))}`;
  }

  /** Next delta, in the order of their sequences. */
  delta(delta: ReceiptDelta): string {
    const privateLine = delta.private === undefined ? '' : `private ${delta.private}\n`;
    return this.extra.push(utf8(`leaf ${leafText(delta.leaf)}\n${privateLine}`));
  }

  /** Last piece. */
  end(treeHashes: readonly Uint8Array[], sealProof: SealProof): string {
    const rest = this.extra.push(concatBytes([Uint8Array.of(NEWLINE), ...treeHashes]));
    const { index, hashes, logHead } = sealProof;
    return `${rest}${this.extra.end()}\n${tlogProofTail({ index, hashes, checkpoint: logHead })}`;
  }
}

/** The file's text. */
export function receiptFileText(receipt: Receipt): string {
  const writer = new ReceiptFileWriter();
  const start = writer.start(receipt.seal, receipt.period);
  const deltas = receipt.deltas.map((delta) => writer.delta(delta));
  return start + deltas.join('') + writer.end(receipt.treeHashes, receipt.sealProof);
}

/** Reads a receipt file; nothing in it is to be believed before `verifyReceipt` accepts it. */
export function parseReceiptFile(file: string): Parsed<Receipt> {
  const proof = parseTlogProof(file);
  if (!proof.ok) return proof;
  const { extra, index, hashes, checkpoint } = proof.value;
  if (!extra) return unreadable('the proof has no extra line: it is not a receipt of Deltabook');
  const split = extra.findIndex((byte, at) => byte === NEWLINE && extra[at + 1] === NEWLINE);
  const text = split < 0 ? undefined : textOfUtf8(extra.subarray(0, split));
  if (text === undefined) return unreadable('the extra line has no text with an empty line after');
  const hashBytes = extra.slice(split + 2);
  if (hashBytes.length % HASH_BYTES !== 0) return unreadable('the last hash is cut short');
  const inner = innerOf(text.split('\n'));
  if (!inner.ok) return inner;
  const sealProof = { index, hashes, logHead: checkpoint };
  return parsed({ ...inner.value, treeHashes: hashesOf(hashBytes), sealProof });
}

type Inner = Pick<Receipt, 'seal' | 'period' | 'deltas'>;

function innerOf(lines: string[]): Parsed<Inner> {
  if (lines.shift() !== RECEIPT_FORMAT) {
    return unreadable(`the receipt is not of the form ${RECEIPT_FORMAT}`);
  }
  const seal = parseSeal(contentOf(lines, 'seal ') ?? '');
  if (!seal.ok) return seal;
  const period = periodOf(contentOf(lines, 'period '));
  if (!period.ok) return period;
  const deltas = deltasOf(lines);
  if (!deltas.ok) return deltas;
  return parsed({ seal: seal.value, ...period.value, deltas: deltas.value });
}

function periodOf(text: string | undefined): Parsed<Pick<Receipt, 'period'>> {
  if (text === undefined) return parsed({});
  const period = parsePeriod(text);
  return period.ok ? parsed({ period: period.value }) : period;
}

/** Takes the next line when it starts with `keyword`, and returns what follows it. */
function contentOf(lines: string[], keyword: string): string | undefined {
  return lines[0]?.startsWith(keyword) ? lines.shift()?.slice(keyword.length) : undefined;
}

function deltasOf(lines: readonly string[]): Parsed<ReceiptDelta[]> {
  const deltas: ReceiptDelta[] = [];
  for (const line of lines) {
    const last = deltas.at(-1);
    if (line.startsWith('private ') && last && last.private === undefined) {
      const text = line.slice('private '.length);
      if (!isCanonicalObject(text)) return unreadable('a private part is not canonical JSON');
      deltas[deltas.length - 1] = { ...last, private: text };
      continue;
    }
    const leaf = parseLeaf(line.startsWith('leaf ') ? line.slice('leaf '.length) : '');
    if (!leaf.ok) return leaf;
    deltas.push({ leaf: leaf.value });
  }
  return parsed(deltas);
}

function periodText(period: ReceiptPeriod): string {
  return `{"from":"${period.from}","to":"${period.to}"}`;
}

/** Reads the canonical text of a period. */
export function parsePeriod(text: string): Parsed<ReceiptPeriod> {
  const { from, to } = membersOf(jsonOf(text));
  if (!isBound(from) || !isBound(to) || periodText({ from, to }) !== text) {
    return unreadable('the period is not {"from":"TIME","to":"TIME"} with times or ""');
  }
  if (to !== '' && from >= to) return unreadable('the period ends before it starts');
  return parsed({ from, to });
}

function isBound(value: unknown): value is string {
  return value === '' || isTimeText(value);
}
