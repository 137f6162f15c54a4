// Answers questions from one file of read models: rows and keys from the tables, lists from memory.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { CheckpointReader } from './checkpoint-table';
import { CustomerListing } from './customer-listing';
import { CustomerTable } from './customer-table';
import { directoryEvents } from './directory-events';
import { KeyLookup } from './key-lookup';
import type {
  Query,
  QueryThreadData,
  QuestionName,
  Questions,
  VerificationQuery,
} from './query-messages';
import { rowChanges, type RowChanges } from './row-changes';
import { isVerificationQuery, VerificationQueries } from './verification-queries';

/** Rows read in one step while the lists are filled at start, so that questions get their turn. */
const LOADED_ROWS_PER_STEP = 5_000;

export class QueryRunner {
  private readonly customers: CustomerTable;
  private readonly checkpoints: CheckpointReader;
  private readonly keys: KeyLookup;
  private readonly listing: CustomerListing;
  private readonly verification: VerificationQueries;
  private loadedReference = '';

  constructor(
    private readonly database: DatabaseSyncInstance,
    data: Omit<QueryThreadData, 'file' | 'signals' | 'changesPort'>,
  ) {
    this.customers = new CustomerTable(database);
    this.checkpoints = new CheckpointReader(database);
    this.keys = new KeyLookup(database, data.indexPagesCachedMax);
    this.listing = new CustomerListing(data);
    this.verification = new VerificationQueries(data);
  }

  /** Reads some more rows into the lists; false once all are in. */
  loadStep(): boolean {
    const rows = this.customers.after(this.loadedReference, LOADED_ROWS_PER_STEP);
    this.loadedReference = rows.at(-1)?.row.reference ?? '';
    this.listing.apply(rowChanges(rows, () => true));
    return rows.length === LOADED_ROWS_PER_STEP;
  }

  apply(changes: RowChanges): void {
    this.listing.apply(changes);
  }

  answer(query: Query): Questions[QuestionName]['answer'] {
    return isVerificationQuery(query) ? this.verification.answer(query) : this.answerOfRows(query);
  }

  close(): void {
    this.verification.close();
    this.database.close();
  }

  private answerOfRows(
    query: Exclude<Query, VerificationQuery>,
  ): Questions[QuestionName]['answer'] {
    switch (query.name) {
      case 'customers':
        return query.asks.map((reference) => this.customers.get(reference)?.row);
      case 'keyRevisions':
        return this.keys.find(query.asks);
      case 'page':
        return this.listing.page(query.asks);
      case 'totals':
        return this.listing.totals(...query.asks);
      case 'checkpointPage':
        return this.checkpoints.page(query.asks);
      case 'periodCheckpoints': {
        const { references, period } = query.asks;
        return references.map((reference) => this.checkpoints.newestOf(reference, period));
      }
      case 'directoryEvents':
        return directoryEvents(this.database);
    }
  }
}
