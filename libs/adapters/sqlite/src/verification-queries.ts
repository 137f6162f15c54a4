// What the query thread answers from verification.db while the verifier's thread writes it. The
// file may be missing, of another store, or begun anew at any time: then nothing is verified yet.
import type { ReceiptCandidate, SealLogState } from '@deltabook/application/threads';
import type { SealScope } from '@deltabook/domain';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { statSync } from 'node:fs';
import type {
  Query,
  QueryThreadData,
  VerificationQuery,
  VerificationQuestions,
} from './query-messages';
import { receiptPlacesOf, receiptPrefix } from './receipt-record';
import { RecordLookup } from './record-lookup';
import { TileTable } from './tile-table';
import { isOfStore, openVerificationForReading } from './verification-file';
import { sealLogOf, VerifiedCustomerTable } from './verified-customer-table';

type Answer = VerificationQuestions[keyof VerificationQuestions]['answer'];

const NAMES: Readonly<Record<keyof VerificationQuestions, true>> = {
  verifiedCustomer: true,
  treeTiles: true,
  sealLog: true,
  receiptPlaces: true,
};

/** True for what is answered here and not from the read models. */
export function isVerificationQuery(query: Query): query is VerificationQuery {
  return query.name in NAMES;
}

/** One connection, and which file it is of. */
interface OpenFile {
  readonly inode: bigint;
  readonly database: DatabaseSyncInstance;
  readonly reads: VerificationTables | undefined;
}

export class VerificationQueries {
  private open: OpenFile | undefined;

  constructor(
    private readonly data: Pick<
      QueryThreadData,
      'verificationFile' | 'storeId' | 'indexPagesCachedMax'
    >,
  ) {}

  answer(query: VerificationQuery): Answer {
    return this.tables()?.answer(query) ?? nothingFor(query);
  }

  close(): void {
    this.open?.database.close();
    this.open = undefined;
  }

  /** Tables of the file that is there now; undefined while there is none of this store. */
  private tables(): VerificationTables | undefined {
    const inode = statSync(this.data.verificationFile, {
      throwIfNoEntry: false,
      bigint: true,
    })?.ino;
    if (this.open?.inode !== inode || !this.open?.reads) {
      this.close();
      if (inode === undefined) return undefined;
      this.open = this.openFile(inode);
    }
    return this.open.reads;
  }

  private openFile(inode: bigint): OpenFile {
    const { verificationFile, storeId, indexPagesCachedMax } = this.data;
    const database = openVerificationForReading(verificationFile);
    const reads = isOfStore(database, storeId)
      ? new VerificationTables(database, indexPagesCachedMax)
      : undefined;
    return { inode, database, reads };
  }
}

function nothingFor(query: VerificationQuery): Answer {
  switch (query.name) {
    case 'verifiedCustomer':
    case 'sealLog':
      return undefined;
    case 'treeTiles':
      return query.asks.tiles.map(() => new Uint8Array(0));
    case 'receiptPlaces':
      return [];
  }
}

class VerificationTables {
  private readonly customers: VerifiedCustomerTable;
  private readonly tiles: TileTable;
  private readonly sealLogs: StatementSyncInstance;
  private readonly receipts: RecordLookup;
  private readonly referenceOf: StatementSyncInstance;

  constructor(database: DatabaseSyncInstance, indexPagesCachedMax: number) {
    this.customers = new VerifiedCustomerTable(database);
    this.tiles = new TileTable(database);
    this.sealLogs = database.prepare('SELECT * FROM seal_log WHERE tenant = ? AND environment = ?');
    this.receipts = new RecordLookup(database, indexPagesCachedMax);
    this.referenceOf = database.prepare('SELECT reference FROM customer WHERE no = ?');
  }

  answer(query: VerificationQuery): Answer {
    switch (query.name) {
      case 'verifiedCustomer':
        return this.customers.get(query.asks);
      case 'treeTiles':
        return query.asks.tiles.map((tile) => this.tiles.read(query.asks.tree, tile));
      case 'sealLog':
        return this.sealLog(query.asks);
      case 'receiptPlaces':
        return this.places(query.asks);
    }
  }

  private places(receiptId: string): readonly ReceiptCandidate[] {
    const prefix = receiptPrefix(receiptId);
    const places = this.receipts
      .pagesWith(prefix)
      .flatMap((records) => receiptPlacesOf(records, prefix));
    // A history that was verified anew is in the index twice.
    const distinct = new Map<string, ReceiptCandidate>();
    for (const { customerNo, revision } of places) {
      const customer = this.referenceOf.get(customerNo) as { reference: string } | undefined;
      if (customer) distinct.set(`${customerNo}/${revision}`, { ...customer, revision });
    }
    return [...distinct.values()];
  }

  private sealLog({ tenant, environment }: SealScope): SealLogState | undefined {
    const row = this.sealLogs.get(tenant, environment);
    return row === undefined ? undefined : sealLogOf(row);
  }
}
