// What can be proven of a customer: the newest seal that a signed log head covers, and the hashes
// that lead from its deltas to it and from it to that head.
import type { SealScope } from '@deltabook/domain';
import {
  bytesOfHex,
  hashLeaf,
  hexOf,
  inclusionSpans,
  parseLogHead,
  parseSeal,
  parseSignedNote,
  proveInclusion,
  proveRange,
  rangeSpans,
  tileNodeReader,
  tilesOfSpans,
  utf8,
  verifyInclusion,
  type ReadNode,
  type Seal,
  type SealProof,
  type Span,
  type Tile,
} from '@deltabook/integrity';
import {
  signedSealOf,
  type PlacedSeal,
  type SignedHead,
  type VerificationReads,
  type VerifiedCustomer,
} from '../ports/verification-store.port';
import type { CustomerRow } from '../read-models/rows';
import { newestSeal, type CoveringSeal } from './covering-seal';
import { HistoryMismatchError } from './history-mismatch';
import type { Hashes, ProofSources } from './proof-sources';

/** Why nothing can be proven. */
export type SealRefusal = 'NOT_VERIFIED_YET' | 'CUSTOMER_FENCED';

export interface SealedHistory {
  readonly scope: SealScope;
  readonly customerNo: number;
  readonly seal: Seal;
  /** Leaf hash of the seal in the seal log, `0x` + 64 hex. */
  readonly sealHash: string;
  /** Deltas that the seal covers. */
  readonly size: number;
  /** Root of the customer's tree under the seal, 32 bytes. */
  readonly root: Uint8Array;
  /** Revision and sequence up to which the verifier has seen the stream: at least the seal's. */
  readonly seen: { readonly revision: number; readonly sequence: number };
  readonly sealProof: SealProof;
}

type LoadTiles = (tiles: readonly Tile[]) => Promise<readonly Uint8Array[]>;

/** A seal log and its newest signed head. */
interface SignedLog {
  readonly no: number;
  readonly head: SignedHead;
}

const NOTHING = new Uint8Array(0);

export class SealedHistories {
  private readonly reads: VerificationReads;
  private readonly hashes: Hashes;

  constructor(readonly sources: ProofSources) {
    this.reads = sources.reads;
    this.hashes = sources.hashes;
  }

  /** Throws HistoryMismatchError when the seal is not in the log that was signed. */
  async of(reference: string): Promise<SealedHistory | SealRefusal> {
    const customer = await this.reads.customer(reference);
    if (!customer) return 'NOT_VERIFIED_YET';
    if (customer.failure || customer.fenced) return 'CUSTOMER_FENCED';
    const log = await this.reads.sealLog(customer.scope);
    const placed = signedSealOf(customer, log?.head);
    if (!log?.head || !placed) return 'NOT_VERIFIED_YET';
    return this.sealed(customer, placed, { no: log.no, head: log.head });
  }

  /** The seal of all deltas that a row shows as verified, whether or not it is signed yet. */
  newestSeal(row: CustomerRow): CoveringSeal | undefined {
    return newestSeal(row, this.hashes.sha256);
  }

  /** Hashes that lead from the leaf with that index (from 0) to the root, sibling first. */
  async inclusion(history: SealedHistory, index: number): Promise<Uint8Array[]> {
    const { size } = history;
    const readNode = await this.nodes(history, inclusionSpans(index, size));
    return proveInclusion({ index, size }, readNode, this.hashes.sha256);
  }

  /** Hashes outside a range of leaves, from left to right. */
  async outside(history: SealedHistory, { start, end }: Span): Promise<Uint8Array[]> {
    const range = { start, end, size: history.size };
    const readNode = await this.nodes(history, rangeSpans(range));
    return proveRange(range, readNode, this.hashes.sha256);
  }

  /** A reader of the nodes that these spans of a customer's tree are made of. */
  nodes({ customerNo }: SealedHistory, spans: readonly Span[]): Promise<ReadNode> {
    return this.nodesOf(spans, (tiles) => this.reads.customerTiles(customerNo, tiles));
  }

  private async sealed(
    { reference, scope, no: customerNo, revision, point }: VerifiedCustomer,
    placed: PlacedSeal,
    log: SignedLog,
  ): Promise<SealedHistory> {
    const seal = parseSeal(placed.text);
    if (!seal.ok) throw new HistoryMismatchError(reference, 'the seal', seal.problem);
    return {
      scope,
      customerNo,
      seal: seal.value,
      sealHash: `0x${hexOf(hashLeaf(utf8(placed.text), this.hashes.sha256))}`,
      size: Number(seal.value.size),
      root: bytesOfHex(seal.value.root.slice('0x'.length)) ?? NOTHING,
      seen: { revision, sequence: point.sequence },
      sealProof: await this.sealProof(seal.value, placed, log),
    };
  }

  private async sealProof(
    seal: Seal,
    { index, text }: PlacedSeal,
    log: SignedLog,
  ): Promise<SealProof> {
    const note = parseSignedNote(log.head.note);
    const head = note.ok ? parseLogHead(note.value.text) : note;
    if (!head.ok) throw new HistoryMismatchError(seal.reference, 'the log head', head.problem);
    const { size, root } = head.value;
    const { sha256 } = this.hashes;
    const readNode = await this.nodesOf(inclusionSpans(index, size), (tiles) =>
      this.reads.sealTiles(log.no, tiles),
    );
    const hashes = proveInclusion({ index, size }, readNode, sha256);
    const claim = { index, size, leafHash: hashLeaf(utf8(text), sha256), root };
    const verdict = verifyInclusion(claim, hashes, sha256);
    if (!verdict.ok) throw new HistoryMismatchError(seal.reference, 'the seal', verdict.reason);
    return { index, hashes, logHead: log.head.note };
  }

  private async nodesOf(spans: readonly Span[], load: LoadTiles): Promise<ReadNode> {
    const tiles = tilesOfSpans(spans);
    const loaded = tiles.length > 0 ? await load(tiles) : [];
    const bytes = new Map(tiles.map((tile, at) => [keyOf(tile), loaded[at] ?? NOTHING]));
    return tileNodeReader((tile) => bytes.get(keyOf(tile)) ?? NOTHING, this.hashes.sha256);
  }
}

const keyOf = ({ level, index }: Tile): string => `${level}/${index}`;
