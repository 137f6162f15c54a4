// What the verifier keeps behind the log: trees, seals, the receipt index and the newest signed
// heads. All of it can be deleted at any time and is rebuilt by replay.
import type { SealScope } from '@deltabook/domain';
import type { ChainPoint, Tile } from '@deltabook/integrity';
import type { Position } from './event-store.port';

/** A seal and its place in the seal log. */
export interface PlacedSeal {
  readonly index: number;
  /** sealText() of integrity: the bytes of the seal log's entry. */
  readonly text: string;
  /** Deltas that it covers. */
  readonly size: number;
}

/** One customer as the verifier knows it. */
export interface VerifiedCustomer {
  /** 1, 2, … in order of first appearance: names its tree in the tiles. */
  readonly no: number;
  /** `0x` + 40 hex, checksum-cased. */
  readonly reference: string;
  readonly scope: SealScope;
  /** Revision of the last event that was looked at. */
  readonly revision: number;
  /** The last delta that was verified: sequence, balance, receiptId and time. */
  readonly point: ChainPoint;
  /** MerkleTree.state() over the verified deltas. */
  readonly tree: Uint8Array;
  /** Newest seal; undefined before the first. */
  readonly seal: PlacedSeal | undefined;
  /** Newest seal before it that a signed head covers, kept while `seal` itself is not covered. */
  readonly signedSeal: PlacedSeal | undefined;
  /** What failed and from which sequence on; undefined while all is well. */
  readonly failure: VerificationFailure | undefined;
  /** True while the last CustomerFenced of the stream was not followed by CustomerReleased. */
  readonly fenced: boolean;
}

export interface VerificationFailure {
  readonly fromSequence: number;
  readonly problems: readonly string[];
}

/** One seal log as the verifier knows it. */
export interface SealLogState {
  /** 1, 2, …: names its tree in the tiles. */
  readonly no: number;
  readonly scope: SealScope;
  /** Revision of the last event of its stream that was looked at; NO_STREAM before the first. */
  readonly revision: number;
  /** MerkleTree.state() over its seals. */
  readonly tree: Uint8Array;
  /** Newest signed head; undefined before the first. */
  readonly head: SignedHead | undefined;
}

export interface SignedHead {
  readonly size: number;
  /** The signed note, see logHeadText() and signedNoteText() of integrity. */
  readonly note: string;
}

/** Hashes that continue one level of a tree from `from` on; only levels that tiles have. */
export interface NewHashes {
  /** Tile level: 0 for leaf hashes, 1 for nodes over 256, … */
  readonly level: number;
  /** Index of the first hash on that level. */
  readonly from: number;
  /** The hashes, 32 bytes each. */
  readonly bytes: Uint8Array;
}

/** A receiptId and where its delta lies. */
export interface ReceiptPlace {
  /** 32 bytes: the receiptId as the tree has it. */
  readonly leafHash: Uint8Array;
  readonly customerNo: number;
  readonly revision: number;
}

/** What the verifier has changed, or some of it, written in one transaction. */
export interface VerificationChanges {
  /** Everything up to here is kept with this; undefined while more is to follow. */
  readonly position: Position | undefined;
  readonly customers: Iterable<VerifiedCustomer>;
  readonly sealLogs: Iterable<SealLogState>;
  readonly customerHashes: Iterable<readonly [customerNo: number, hashes: NewHashes]>;
  readonly sealHashes: Iterable<readonly [sealLogNo: number, hashes: NewHashes]>;
  readonly receipts: Iterable<ReceiptPlace>;
}

/**
 * The verifier's own side: used by its thread alone, so it answers at once. A store of another
 * storeId or layout is begun anew.
 */
export interface VerificationStore {
  readonly position: Position;
  /** By the 40 lower-case hex digits of the reference. */
  customer(referenceHex: string): VerifiedCustomer | undefined;
  /** Up to `limit` customers without failure that have more verified deltas than sealed ones. */
  unsealed(limit: number): readonly VerifiedCustomer[];
  /** Customers with a failure that is not in their streams yet. */
  unfenced(): readonly VerifiedCustomer[];
  fencedCount(): number;
  /** Greatest number of a customer; 0 where there is none. */
  lastCustomerNo(): number;
  sealLogs(): readonly SealLogState[];
  /** 32 bytes for each hash that the tile has so far. */
  customerTile(customerNo: number, tile: Tile): Uint8Array;
  sealTile(sealLogNo: number, tile: Tile): Uint8Array;
  commit(changes: VerificationChanges): void;
  close(): void;
}

/**
 * What receipts ask; answered by a thread of its own, of what the verifier has committed. The
 * verifier commits now and then only: who needs its newest seals has it commit first.
 */
export interface VerificationReads {
  /** By reference in any casing; undefined before the verifier has seen the customer. */
  customer(reference: string): Promise<VerifiedCustomer | undefined>;
  customerTiles(customerNo: number, tiles: readonly Tile[]): Promise<readonly Uint8Array[]>;
  sealTiles(sealLogNo: number, tiles: readonly Tile[]): Promise<readonly Uint8Array[]>;
  /** The seal log with its newest signed head; undefined before the first seal. */
  sealLog(scope: SealScope): Promise<SealLogState | undefined>;
  /** Places whose receiptId may begin like this one's first digits; the event decides. */
  findReceipt(receiptId: string): Promise<readonly ReceiptCandidate[]>;
}

export interface ReceiptCandidate {
  readonly reference: string;
  readonly revision: number;
}

/** The newest seal of a customer that the signed head covers: what receipts prove. */
export function signedSealOf(
  customer: Pick<VerifiedCustomer, 'seal' | 'signedSeal'>,
  head: SignedHead | undefined,
): PlacedSeal | undefined {
  const { seal, signedSeal } = customer;
  return seal && seal.index < (head?.size ?? 0) ? seal : signedSeal;
}
