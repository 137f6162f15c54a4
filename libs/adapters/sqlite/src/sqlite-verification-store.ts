// The verifier's own side of verification.db; used by its thread alone.
import type {
  Position,
  ReceiptPlace,
  SealLogState,
  VerificationChanges,
  VerificationStore,
  VerifiedCustomer,
} from '@deltabook/application/threads';
import type { Tile } from '@deltabook/integrity';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { ReceiptBatch } from './receipt-record';
import { RecordRuns } from './record-runs';
import { TileTable, TileWriter } from './tile-table';
import { openVerification, readPosition } from './verification-file';
import { customerUpsert, sealLogOf, VerifiedCustomerTable } from './verified-customer-table';

const UNSEALED = 'sequence > sealed AND failure IS NULL AND fenced = 0';
const UNFENCED = 'failure IS NOT NULL AND fenced = 0';
/** Customers that are to be fenced, found at once. */
const UNFENCED_MAX = 10_000;

export class SqliteVerificationStore implements VerificationStore {
  private readonly customers: VerifiedCustomerTable;
  private readonly tiles: TileTable;
  private readonly tileWriter: TileWriter;
  private readonly putCustomer: (customer: VerifiedCustomer) => void;
  private readonly putSealLog: StatementSyncInstance;
  private readonly receipts: RecordRuns;
  private readonly advance: StatementSyncInstance;
  private committed: Position;

  private constructor(private readonly database: DatabaseSyncInstance) {
    this.customers = new VerifiedCustomerTable(database);
    this.tiles = new TileTable(database);
    this.tileWriter = new TileWriter(database);
    this.putCustomer = customerUpsert(database);
    this.putSealLog = database.prepare(
      'INSERT OR REPLACE INTO seal_log VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.receipts = new RecordRuns(database);
    this.advance = database.prepare('UPDATE state SET position = ?');
    this.committed = readPosition(database);
  }

  static open(dataDir: string, storeId: string): SqliteVerificationStore {
    return new SqliteVerificationStore(openVerification(dataDir, storeId));
  }

  get position(): Position {
    return this.committed;
  }

  customer(referenceHex: string): VerifiedCustomer | undefined {
    return this.customers.get(`0x${referenceHex}`);
  }

  unsealed(limit: number): readonly VerifiedCustomer[] {
    return this.customers.where(UNSEALED, limit);
  }

  unfenced(): readonly VerifiedCustomer[] {
    return this.customers.where(UNFENCED, UNFENCED_MAX);
  }

  fencedCount(): number {
    return this.customers.count('fenced = 1');
  }

  lastCustomerNo(): number {
    return this.customers.lastNo();
  }

  sealLogs(): readonly SealLogState[] {
    return this.database.prepare('SELECT * FROM seal_log ORDER BY no').all().map(sealLogOf);
  }

  customerTile(customerNo: number, tile: Tile): Uint8Array {
    return this.tiles.read(customerNo, tile);
  }

  sealTile(sealLogNo: number, tile: Tile): Uint8Array {
    return this.tiles.read(-sealLogNo, tile);
  }

  commit(changes: VerificationChanges): void {
    const { database } = this;
    database.exec('BEGIN IMMEDIATE');
    try {
      this.write(changes);
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
    this.committed = changes.position ?? this.committed;
  }

  close(): void {
    this.database.close();
  }

  private write(changes: VerificationChanges): void {
    for (const customer of changes.customers) this.putCustomer(customer);
    for (const sealLog of changes.sealLogs) this.writeSealLog(sealLog);
    for (const [no, hashes] of changes.customerHashes) this.tileWriter.add(no, hashes);
    for (const [no, hashes] of changes.sealHashes) this.tileWriter.add(-no, hashes);
    this.writeReceipts(changes.receipts);
    if (changes.position !== undefined) this.advance.run(changes.position.toString());
  }

  private writeSealLog({ no, scope, revision, tree, head }: SealLogState): void {
    const { tenant, environment } = scope;
    const [size, note] = head ? [head.size, head.note] : [null, null];
    this.putSealLog.run(no, tenant, environment, revision, tree, size, note);
  }

  private writeReceipts(receipts: Iterable<ReceiptPlace>): void {
    const batch = new ReceiptBatch();
    for (const place of receipts) batch.add(place);
    this.receipts.add(batch);
  }
}
