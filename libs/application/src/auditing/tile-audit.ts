// Whether the tiles that proofs are made of lead to what was sealed and signed: hashes that were
// changed there would leave customers without receipts.
import { sealScopeOfStream } from '@deltabook/domain';
import {
  bytesEqual,
  HASH_BYTES,
  hashesOf,
  hexOf,
  isTileLevel,
  MerkleTree,
  TILE_HEIGHT,
  TILE_WIDTH,
  tileWidth,
  type LogHead,
  type ReadTile,
} from '@deltabook/integrity';
import type { KeptTree, ServedTrees } from '../ports/served-rows.port';
import type { SealedHead } from '../read-models/rows';
import type { AuditParts } from './audit-parts';
import type { AuditFinding } from './audit-report';
import type { AuditedCustomer } from './audited-customer';

/** Hashes looked at before others get their turn. */
const HASHES_PER_TURN = 1_024;

export class TileAudit {
  private readonly trees: ServedTrees | undefined;
  private hashCount = 0;

  constructor(private readonly parts: Pick<AuditParts, 'rows' | 'hashes' | 'pace'>) {
    this.trees = parts.rows?.trees();
  }

  /** Undefined when all that was sealed of a customer can be proven. */
  async findingOf(
    { identity: customer }: AuditedCustomer,
    sealed: SealedHead | undefined,
  ): Promise<AuditFinding | undefined> {
    const kept = this.trees?.ofCustomer(customer.reference);
    if (!kept || !sealed || (await this.leadsTo(sealed, kept))) return undefined;
    const { size: sequence } = sealed;
    const what = `tiles do not lead to what was sealed of the first ${String(sequence)} deltas`;
    return { code: 'TILES_DIFFER', customer, sequence, what };
  }

  /** `signed`: the heads that seal logs must lead to, by their streams. */
  async findingsOfSealLogs(signed: ReadonlyMap<string, LogHead>): Promise<readonly AuditFinding[]> {
    const findings: AuditFinding[] = [];
    for (const [stream, { size, root }] of signed) {
      const scope = sealScopeOfStream(stream);
      const kept = scope && this.trees?.ofSealLog(scope);
      if (!kept || (await this.leadsTo({ size, root: `0x${hexOf(root)}` }, kept))) continue;
      const what = `${stream}: tiles do not lead to the signed head of ${String(size)} seals`;
      findings.push({ code: 'TILES_DIFFER', what });
    }
    return findings;
  }

  /** What is not kept yet is not missed: the verifier commits now and then only. */
  private async leadsTo(
    { size, root }: Pick<SealedHead, 'size' | 'root'>,
    kept: KeptTree,
  ): Promise<boolean> {
    if (kept.size < size) return true;
    const { pace } = this.parts;
    const { sha256 } = this.parts.hashes;
    const tree = MerkleTree.empty(sha256);
    const upper = new UpperTiles(kept.readTile);
    for (let index = 0; index * TILE_WIDTH < size; index += 1) {
      const tile = { level: 0, index };
      const width = tileWidth(tile, size);
      const hashes = kept.readTile(tile).subarray(0, width * HASH_BYTES);
      if (hashes.length < width * HASH_BYTES) return false;
      tree.appendAll(hashesOf(hashes), (level, at, hash) => upper.compare(level, at, hash));
      this.hashCount += width;
      if (this.hashCount < HASHES_PER_TURN) continue;
      this.hashCount = 0;
      await pace();
    }
    return upper.isSame && `0x${hexOf(tree.root())}` === root;
  }
}

/** The tiles above the leaves, compared with the nodes that the leaves lead to. */
class UpperTiles {
  isSame = true;

  constructor(private readonly readTile: ReadTile) {}

  compare(level: number, at: number, hash: Uint8Array): void {
    if (level === 0 || !isTileLevel(level)) return;
    const tile = { level: level / TILE_HEIGHT, index: Math.floor(at / TILE_WIDTH) };
    const first = (at % TILE_WIDTH) * HASH_BYTES;
    const stored = this.readTile(tile).subarray(first, first + HASH_BYTES);
    if (!bytesEqual(stored, hash)) this.isSame = false;
  }
}
