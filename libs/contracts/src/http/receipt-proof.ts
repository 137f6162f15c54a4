// The proof inside a receipt, in the JSON form of docs/verification.md.
import { IsArray, IsIn, IsObject, IsOptional, IsString } from 'class-validator';
import { Nested, NestedEach } from './nested';

export class ReceiptSeal {
  @IsIn([1])
  readonly v!: 1;

  /** Customer reference, `0x` + 40 hex. */
  @IsString()
  readonly reference!: string;

  /** Root of the customer's tree. */
  @IsString()
  readonly root!: string;

  /** When the history up to `size` was verified and sealed. */
  @IsString()
  readonly sealedAt!: string;

  /** Number of deltas that the seal covers. */
  @IsString()
  readonly size!: string;
}

export class ReceiptBounds {
  /** First moment of the period; empty where it is open. */
  @IsString()
  readonly from!: string;

  /** First moment after it; empty where it is open. */
  @IsString()
  readonly to!: string;
}

/** What a receiptId is the hash of. */
export class ReceiptLeaf {
  @IsIn([1])
  readonly v!: 1;

  @IsString()
  readonly reference!: string;

  @IsString()
  readonly sequence!: string;

  @IsString()
  readonly delta!: string;

  @IsString()
  readonly balance!: string;

  @IsString()
  readonly recordedAt!: string;

  @IsString()
  readonly occurredAt!: string;

  @IsString()
  readonly contentHash!: string;

  @IsString()
  readonly previousProofHash!: string;
}

export class ProvenDelta {
  @Nested(() => ReceiptLeaf)
  readonly leaf!: ReceiptLeaf;

  /** Reason, referenceId, metadata and what it adjusts, with the salt of their hash. */
  @IsOptional()
  @IsObject()
  readonly private?: object;
}

export class SealProofFields {
  /** Number of the seal in the seal log. */
  @IsString()
  readonly index!: string;

  @IsArray()
  @IsString({ each: true })
  readonly hashes!: readonly string[];

  /** The signed head of the seal log. */
  @IsString()
  readonly logHead!: string;
}

export class ReceiptProof {
  @IsIn(['deltabook-receipt@v1'])
  readonly format!: 'deltabook-receipt@v1';

  @Nested(() => ReceiptSeal)
  readonly seal!: ReceiptSeal;

  /** Absent in the receipt of one delta. */
  @IsOptional()
  @Nested(() => ReceiptBounds)
  readonly period?: ReceiptBounds;

  /** In order; for a period also the delta before and the one after it, where there are such. */
  @IsArray()
  @NestedEach(() => ProvenDelta)
  readonly deltas!: readonly ProvenDelta[];

  @IsArray()
  @IsString({ each: true })
  readonly treeHashes!: readonly string[];

  @Nested(() => SealProofFields)
  readonly sealProof!: SealProofFields;
}
