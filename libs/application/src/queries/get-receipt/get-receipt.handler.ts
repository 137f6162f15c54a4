// The handler of GetReceipt: what is sealed of the customer, where the wanted deltas are, and the
// hashes that prove them; the deltas themselves are read when the receipt is written.
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { checkedDeltas, type DeltaRun } from '../../receipts/checked-deltas';
import type { PlacedDelta } from '../../receipts/placed-deltas';
import type { ReceiptSource } from '../../receipts/receipt-source';
import { SealedHistories, type SealedHistory } from '../../receipts/sealed-histories';
import {
  deltaOfReceipt,
  deltaOfRecord,
  wantedDelta,
  wantedPeriod,
  type WantedDeltas,
  type WantedPeriod,
} from '../../receipts/wanted-deltas';
import type { ReadResult } from '../read-result';
import { RecordFinder, type FoundRecord } from '../record-finder';
import { GetReceiptQuery, type ReceiptRefusalCode, type ReceiptWanted } from './get-receipt.query';

type Wanted = WantedDeltas & Partial<Pick<WantedPeriod, 'period' | 'complete'>>;

@QueryHandler(GetReceiptQuery)
export class GetReceiptHandler implements IQueryHandler<GetReceiptQuery> {
  constructor(
    private readonly finder: RecordFinder,
    private readonly histories: SealedHistories,
  ) {}

  async execute(query: GetReceiptQuery): Promise<ReadResult<ReceiptSource, ReceiptRefusalCode>> {
    const found = await this.finder.find(query.scope, query.customerId);
    if (found.kind === 'refused') return found;
    const { position } = found;
    const value = await this.sourceOf(found.value, query.wanted);
    return typeof value === 'string'
      ? { kind: 'refused', code: value, position }
      : { kind: 'found', position, value };
  }

  private async sourceOf(
    record: FoundRecord,
    wanted: ReceiptWanted,
  ): Promise<ReceiptSource | ReceiptRefusalCode> {
    const history = await this.histories.of(record.row.reference);
    if (typeof history === 'string') return history;
    const deltas =
      wanted.kind === 'period'
        ? ((await wantedPeriod(this.histories.sources.store, history, wanted)) ??
          'NOT_VERIFIED_YET')
        : await this.wantedDelta(record, history, wanted);
    return typeof deltas === 'string' ? deltas : this.receiptOf(record, history, deltas);
  }

  private async wantedDelta(
    { row, stream }: FoundRecord,
    { size }: SealedHistory,
    wanted: Exclude<ReceiptWanted, { kind: 'period' }>,
  ): Promise<WantedDeltas | ReceiptRefusalCode> {
    const delta = await this.deltaOf(row.reference, wanted);
    if (delta) {
      return delta.sequence > size
        ? 'NOT_VERIFIED_YET'
        : wantedDelta(this.histories.sources.store, stream, delta);
    }
    // A receiptId is known to the index once it is verified.
    const mayCome = wanted.kind === 'receipt' && row.totalDeltas > size;
    return mayCome ? 'NOT_VERIFIED_YET' : 'RECORD_NOT_FOUND';
  }

  private async deltaOf(
    reference: string,
    wanted: Exclude<ReceiptWanted, { kind: 'period' }>,
  ): Promise<PlacedDelta | undefined> {
    const { sources } = this.histories;
    if (wanted.kind === 'record') return deltaOfRecord(sources.store, reference, wanted.recordId);
    const found = await deltaOfReceipt(sources, wanted.receiptId);
    return found?.reference === reference ? found : undefined;
  }

  private async receiptOf(
    { row, owner }: FoundRecord,
    history: SealedHistory,
    wanted: Wanted,
  ): Promise<ReceiptSource> {
    const { seal, sealHash, sealProof, size } = history;
    const { run: place, complete = true, period, ...stated } = wanted;
    const outside = await this.histories.outside(history, {
      start: place.first - 1,
      end: place.last,
    });
    const run: DeltaRun = { ...place, history, outside };
    return {
      ...stated,
      row,
      // The seal may be newer than the row.
      owner: { ...owner, verifiedDeltas: size, seal: { sealedAt: seal.sealedAt, sealHash } },
      seal,
      sealHash,
      sealProof,
      treeHashes: period ? outside : await this.histories.inclusion(history, place.first - 1),
      period,
      complete,
      notCoveredCount: Math.max(0, row.totalDeltas - size),
      run: () => checkedDeltas(run, this.histories.sources),
    };
  }
}
