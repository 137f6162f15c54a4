// What the verifier keeps as an audit sees it, on a connection of its own: how far it has seen a
// customer, and the receipt index.
import type { ReceiptPlace, ServedReceipts } from '@deltabook/application/threads';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { existsSync } from 'node:fs';
import { ReceiptCheck } from './record-check';
import { isOfStore, openVerificationForReading, verificationFile } from './verification-file';

export class ServedVerification implements ServedReceipts {
  private readonly check: ReceiptCheck;
  private readonly select: StatementSyncInstance;

  private constructor(private readonly database: DatabaseSyncInstance) {
    this.check = new ReceiptCheck(database);
    this.select = database.prepare(
      'SELECT no, revision FROM customer WHERE reference = ? AND failure IS NULL',
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

  verified(reference: string): { readonly no: number; readonly revision: number } | undefined {
    return this.select.get(reference) as { no: number; revision: number } | undefined;
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
