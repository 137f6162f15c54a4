// The handler of GetDelta: the recordId says where the delta lies, row or stream whose it is.
import {
  CUSTOMER_RECORD_OPENED,
  customerStream,
  parseCustomerEvent,
  parseRecordId,
  recordIdPrefix,
  type CustomerRecordOpened,
} from '@deltabook/domain';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CustomerDirectory } from '../../customers/customer-directory';
import type { RecordedEvent } from '../../ports/event-store.port';
import { READ_STORE, type ReadStore } from '../../ports/read-store.port';
import type { CustomerRow } from '../../read-models/rows';
import { coveringSeal, type CoveringSeal } from '../../receipts/covering-seal';
import { SealedHistories } from '../../receipts/sealed-histories';
import { deltaViewOf, type DeltaView } from '../delta-view';
import { ReadGate } from '../read-gate';
import type { ReadResult, ReadScope } from '../read-result';
import { isOwn } from '../record-finder';
import { GetDeltaQuery, type FoundDelta } from './get-delta.query';

/** What is known of a customer that is recorded and not projected yet. */
const UNPROJECTED = { fenced: false, fencedFromSequence: null, verifiedDeltas: 0 } as const;

@QueryHandler(GetDeltaQuery)
export class GetDeltaHandler implements IQueryHandler<GetDeltaQuery> {
  constructor(
    private readonly gate: ReadGate,
    private readonly directory: CustomerDirectory,
    @Inject(READ_STORE) private readonly readStore: ReadStore,
    private readonly histories: SealedHistories,
  ) {}

  async execute(query: GetDeltaQuery): Promise<ReadResult<FoundDelta, 'RECORD_NOT_FOUND'>> {
    const passed = await this.gate.pass(query.scope.minPosition);
    if (passed.kind === 'refused') return passed;
    const { position } = passed;
    const value = await this.find(query);
    if (!value) return { kind: 'refused', code: 'RECORD_NOT_FOUND', position };
    return { kind: 'found', position, value };
  }

  private async find(query: GetDeltaQuery): Promise<FoundDelta | undefined> {
    const place = parseRecordId(query.recordId);
    if (!place) return undefined;
    const reference = this.directory.referenceOf(place.referenceHex);
    const stream = customerStream(reference);
    const [row] = await this.readStore.customers([reference]);
    const customerId = await this.customerIdOf(query.scope, row, stream);
    if (customerId === undefined) return undefined;
    const { fenced, fencedFromSequence, verifiedDeltas } = row ?? UNPROJECTED;
    const prefix = recordIdPrefix(reference);
    const owner = { recordIdPrefix: prefix, fencedFromSequence, verifiedDeltas };
    const recorded = await this.eventAt(stream, place.revision);
    const delta = recorded && deltaViewOf(recorded, owner);
    if (!delta) return undefined;
    const covering = await this.coveringOf(query.scope, reference, delta);
    return { customerId, delta: { ...delta, covering }, fenced };
  }

  private coveringOf(
    scope: ReadScope,
    reference: string,
    { status, sequence, recordedAt }: DeltaView,
  ): Promise<CoveringSeal | undefined> {
    if (status !== 'VERIFIED') return Promise.resolve(undefined);
    const { store, hashes } = this.histories.sources;
    const sealed = { scope, reference, sequence, recordedAt };
    return coveringSeal(store, sealed, hashes.sha256);
  }

  /**
   * Whose stream it is, if the caller may read it. A customer that is recorded but not projected is
   * known by its first event, so that a delta can be asked for as soon as it is acknowledged.
   */
  private async customerIdOf(
    scope: ReadScope,
    row: CustomerRow | undefined,
    stream: string,
  ): Promise<string | undefined> {
    if (row) return isOwn(scope, row) ? row.customerId : undefined;
    const first = await this.eventAt(stream, 0);
    if (first?.type !== CUSTOMER_RECORD_OPENED) return undefined;
    const opened = parseCustomerEvent(first.type, first.data) as CustomerRecordOpened;
    return isOwn(scope, opened) ? opened.customerId : undefined;
  }

  private async eventAt(stream: string, revision: number): Promise<RecordedEvent | undefined> {
    const range = { from: revision, direction: 'forwards', limit: 1 } as const;
    const [recorded] = await this.histories.sources.store.readStream(stream, range);
    return recorded;
  }
}
