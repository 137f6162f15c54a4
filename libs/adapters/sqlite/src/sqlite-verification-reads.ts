// What receipts ask of the verifier's file, put to the query thread.
import type {
  ReceiptCandidate,
  SealLogState,
  VerificationReads,
  VerifiedCustomer,
} from '@deltabook/application/threads';
import type { SealScope } from '@deltabook/domain';
import type { Tile } from '@deltabook/integrity';
import type { VerificationQuestions } from './query-messages';

type Ask = <N extends keyof VerificationQuestions>(
  name: N,
  asks: VerificationQuestions[N]['asks'],
) => Promise<VerificationQuestions[N]['answer']>;

export class SqliteVerificationReads implements VerificationReads {
  constructor(private readonly ask: Ask) {}

  customer(reference: string): Promise<VerifiedCustomer | undefined> {
    return this.ask('verifiedCustomer', reference);
  }

  customerTiles(customerNo: number, tiles: readonly Tile[]): Promise<readonly Uint8Array[]> {
    return this.ask('treeTiles', { tree: customerNo, tiles });
  }

  sealTiles(sealLogNo: number, tiles: readonly Tile[]): Promise<readonly Uint8Array[]> {
    return this.ask('treeTiles', { tree: -sealLogNo, tiles });
  }

  sealLog(scope: SealScope): Promise<SealLogState | undefined> {
    return this.ask('sealLog', scope);
  }

  findReceipt(receiptId: string): Promise<readonly ReceiptCandidate[]> {
    return this.ask('receiptPlaces', receiptId);
  }
}
