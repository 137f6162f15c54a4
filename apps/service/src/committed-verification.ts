// What receipts read of the verifier, as new as it is: the verifier commits now and then only, so
// the questions that begin a receipt have it commit first.
import type {
  ReceiptCandidate,
  SealLogState,
  VerificationReads,
  VerifiedCustomer,
} from '@deltabook/application';
import type { SealScope } from '@deltabook/domain';
import type { Tile } from '@deltabook/integrity';
import { setTimeout as delay } from 'node:timers/promises';
import type { VerifierWorker } from './verifier-worker';

/** `waitMs` bounds the wait for a verifier in trouble: then what it has committed is answered. */
export function committedVerification(
  reads: VerificationReads,
  verifier: VerifierWorker | undefined,
  waitMs: number,
): VerificationReads {
  return verifier ? new CommittedVerification(reads, () => verifier.commit(), waitMs) : reads;
}

class CommittedVerification implements VerificationReads {
  constructor(
    private readonly reads: VerificationReads,
    private readonly commit: () => Promise<void>,
    private readonly waitMs: number,
  ) {}

  async customer(reference: string): Promise<VerifiedCustomer | undefined> {
    await this.committed();
    return this.reads.customer(reference);
  }

  async findReceipt(receiptId: string): Promise<readonly ReceiptCandidate[]> {
    await this.committed();
    return this.reads.findReceipt(receiptId);
  }

  customerTiles(customerNo: number, tiles: readonly Tile[]): Promise<readonly Uint8Array[]> {
    return this.reads.customerTiles(customerNo, tiles);
  }

  sealTiles(sealLogNo: number, tiles: readonly Tile[]): Promise<readonly Uint8Array[]> {
    return this.reads.sealTiles(sealLogNo, tiles);
  }

  sealLog(scope: SealScope): Promise<SealLogState | undefined> {
    return this.reads.sealLog(scope);
  }

  private async committed(): Promise<void> {
    const late = new AbortController();
    const { signal } = late;
    const waited = delay(this.waitMs, undefined, { signal }).catch(() => undefined);
    await Promise.race([this.commit(), waited]);
    late.abort();
  }
}
