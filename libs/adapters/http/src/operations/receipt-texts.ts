// The texts of a receipt, piece by piece: the JSON reply in PacSpace's shape with the proof inside,
// and the receipt file. The deltas are read once for each list that holds them, so that a long
// receipt is never held in memory.
import {
  deltaViewOf,
  type CheckedDelta,
  type Position,
  type ReceiptSource,
} from '@deltabook/application';
import type { ReceiptReply, ReceiptVerification } from '@deltabook/contracts';
import { formatNano, timeText } from '@deltabook/domain';
import {
  leafText,
  RECEIPT_FORMAT,
  ReceiptFileWriter,
  sealText,
  type ReceiptDelta,
} from '@deltabook/integrity';
import { hashText, sealProofFields } from './proof-fields';
import { derivedDelta } from './read-replies';

type Texts = AsyncGenerator<string, void, undefined>;

export interface ReceiptParts {
  readonly source: ReceiptSource;
  readonly position: Position;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** YYYY-MM where the receipt is asked for a month. */
  readonly month: string | undefined;
  /** Whether private parts are in it. */
  readonly withContent: boolean;
}

/** What stands before the lists. */
type Heading = Omit<ReceiptReply, 'deltas' | 'verification' | 'proof' | 'position'>;

export async function* receiptReplyTexts(parts: ReceiptParts): Texts {
  const { source, position } = parts;
  const verification: Omit<ReceiptVerification, 'itemHashes'> = {
    verifyUrl: verifyUrlOf(source),
    verificationReference: source.sealHash,
    verifiedAt: source.seal.sealedAt,
  };
  yield `${JSON.stringify(headingOf(parts)).slice(0, -1)},"deltas":[`;
  yield* listed(stated(source), (delta) => JSON.stringify(rowOf(delta, parts)));
  yield `],"verification":${JSON.stringify(verification).slice(0, -1)},"itemHashes":[`;
  yield* listed(stated(source), ({ leaf }) => `"${leaf.contentHash}"`);
  yield ']},"proof":';
  yield* proofTexts(parts);
  yield `,"position":"${position}"}`;
}

/** The file of docs/verification.md. */
export async function* receiptFileTexts({ source, withContent }: ReceiptParts): Texts {
  const writer = new ReceiptFileWriter();
  yield writer.start(source.seal, source.period);
  for await (const delta of source.run()) yield writer.delta(copied(delta, withContent));
  yield writer.end(source.treeHashes, source.sealProof);
}

/** The JSON form of docs/verification.md. */
async function* proofTexts({ source, withContent }: ReceiptParts): Texts {
  const { seal, period, treeHashes, sealProof } = source;
  const bounds = period ? `,"period":${JSON.stringify(period)}` : '';
  yield `{"format":"${RECEIPT_FORMAT}","seal":${sealText(seal)}${bounds},"deltas":[`;
  yield* listed(source.run(), (delta) => {
    const content = withContent ? `,"private":${delta.private}` : '';
    return `{"leaf":${leafText(delta.leaf)}${content}}`;
  });
  yield `],"treeHashes":${JSON.stringify(treeHashes.map(hashText))},`;
  yield `"sealProof":${JSON.stringify(sealProofFields(sealProof))}}`;
}

function copied(delta: CheckedDelta, withContent: boolean): ReceiptDelta {
  return withContent ? { leaf: delta.leaf, private: delta.private } : { leaf: delta.leaf };
}

/** Those that the receipt is asked for, without their neighbours. */
async function* stated({
  first,
  last,
  run,
}: ReceiptSource): AsyncGenerator<CheckedDelta, void, undefined> {
  for await (const delta of run()) {
    if (delta.sequence >= first && delta.sequence <= last) yield delta;
  }
}

async function* listed(
  deltas: AsyncIterable<CheckedDelta>,
  textOf: (delta: CheckedDelta) => string,
): Texts {
  let comma = '';
  for await (const delta of deltas) {
    yield comma + textOf(delta);
    comma = ',';
  }
}

function headingOf({ source, now, month }: ReceiptParts): Heading {
  const { row, period, first, last, openingNano, closingNano, proofRoot } = source;
  const [opening, closing] = [formatNano(openingNano), formatNano(closingNano)];
  const change = formatNano(closingNano - openingNano);
  const deltaCount = last - first + 1;
  const verifyUrl = verifyUrlOf(source);
  return {
    customerId: row.customerId,
    customerReference: row.reference,
    generatedAt: timeText(now),
    period: month ?? null,
    startDate: period?.from || null,
    endDate: period?.to || null,
    deltasCount: deltaCount,
    deltaCount,
    startingBalance: Number(opening),
    startingBalanceDecimal: opening,
    netChange: Number(change),
    netChangeDecimal: change,
    finalBalance: Number(closing),
    finalBalanceDecimal: closing,
    proofRoot,
    itemsRoot: proofRoot,
    receiptId: proofRoot,
    latestCheckpoint: row.latestCheckpoint,
    complete: source.complete,
    deltasNotCovered: source.notCoveredCount,
    verifyUrl,
    verificationApiUrl: verifyUrl,
  };
}

/** Where the same counts and amounts can be read without a key. */
function verifyUrlOf({ proofRoot, openingRoot }: ReceiptSource): string | null {
  if (proofRoot === null) return null;
  return `/api/v1/verify/${proofRoot}${openingRoot === null ? '' : `?from=${openingRoot}`}`;
}

function rowOf({ recorded }: CheckedDelta, { source, withContent }: ReceiptParts): object {
  const view = deltaViewOf(recorded, source.owner);
  if (!view) throw new Error(`revision ${recorded.revision} of ${recorded.stream} is no delta`);
  const row = derivedDelta(view, 0n);
  return withContent ? row : { ...row, ...NO_CONTENT };
}

const NO_CONTENT = { reason: '', referenceId: null, metadata: null, adjusts: null } as const;
