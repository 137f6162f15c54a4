// What the verifier keeps as an audit sees it, on a connection of its own: how far it has seen a
// customer, the receipt index, and the tiles of the trees.
import type {
  KeptTree,
  ReceiptPlace,
  ServedReceipts,
  ServedTrees,
} from '@deltabook/application/threads';
import type { SealScope } from '@deltabook/domain';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { existsSync } from 'node:fs';
import { ReceiptCheck } from './record-check';
import { TileTable } from './tile-table';
import { isOfStore, openVerificationForReading, verificationFile } from './verification-file';
import { sealLogOf } from './verified-customer-table';

interface SeenCustomer {
  readonly no: number;
  readonly revision: number;
  /** Deltas that were verified. */
  readonly sequence: number;
}

export class ServedVerification implements ServedReceipts, ServedTrees {
  private readonly check: ReceiptCheck;
  private readonly tiles: TileTable;
  private readonly select: StatementSyncInstance;
  private readonly selectSealLog: StatementSyncInstance;

  private constructor(private readonly database: DatabaseSyncInstance) {
    this.check = new ReceiptCheck(database);
    this.tiles = new TileTable(database);
    this.select = database.prepare(
      'SELECT no, revision, sequence FROM customer WHERE reference = ? AND failure IS NULL',
    );
    this.selectSealLog = database.prepare(
      'SELECT * FROM seal_log WHERE tenant = ? AND environment = ?',
    );
  }

  /** Undefined while there is none of this store. */
  static open(dataDir: string, storeId: string): ServedVerification | undefined {
    const file = verificationFile(dataDir);
    if (!existsSync(file)) return undefined;
    const database = openVerificationForReading(file);
    if (isOfStore(database, storeId)) return new ServedVerification(database);
    database.close();
    return undefined;
  }

  verified(reference: string): SeenCustomer | undefined {
    const seen: unknown = this.select.get(reference);
    return seen as SeenCustomer | undefined;
  }

  ofCustomer(reference: string): KeptTree | undefined {
    const seen = this.verified(reference);
    if (!seen) return undefined;
    return { size: seen.sequence, readTile: (tile) => this.tiles.read(seen.no, tile) };
  }

  ofSealLog({ tenant, environment }: SealScope): KeptTree | undefined {
    const columns: unknown = this.selectSealLog.get(tenant, environment);
    if (columns === undefined) return undefined;
    const { no, head } = sealLogOf(columns);
    return head && { size: head.size, readTile: (tile) => this.tiles.read(-no, tile) };
  }

  take(receiptId: string, place: Omit<ReceiptPlace, 'leafHash'>): void {
    this.check.take(receiptId, place);
  }

  missing(): readonly number[] {
    return this.check.missing();
  }

  close(): void {
    this.database.close();
  }
}
