// Finds a customer's record for reading: the one place where reads compare tenant and environment.
import { Inject, Injectable } from '@nestjs/common';
import { customerStream } from '@deltabook/domain';
import { CustomerDirectory } from '../customers/customer-directory';
import { EVENT_STORE, type EventStore, type Position } from '../ports/event-store.port';
import { READ_STORE, type ReadStore } from '../ports/read-store.port';
import type { CustomerRow } from '../read-models/rows';
import type { DeltaOwner } from './delta-view';
import { ReadGate } from './read-gate';
import type { ReadResult, ReadScope } from './read-result';

export type RecordRefusal = 'CUSTOMER_NOT_FOUND' | 'CUSTOMER_FENCED';

/** A customer's row and where its history is. */
export interface FoundRecord {
  readonly row: CustomerRow;
  readonly owner: DeltaOwner;
  readonly stream: string;
}

/** True when the row belongs to the caller. */
export function isOwn(
  scope: ReadScope,
  row: { readonly tenant: string; readonly environment: string },
): boolean {
  return row.tenant === scope.tenant && row.environment === scope.environment;
}

@Injectable()
export class RecordFinder {
  constructor(
    private readonly gate: ReadGate,
    private readonly directory: CustomerDirectory,
    @Inject(READ_STORE) private readonly readStore: ReadStore,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /** The record of a customerId once it is fresh enough; `position` is then a lower bound. */
  async find(
    scope: ReadScope,
    customerId: string,
  ): Promise<ReadResult<FoundRecord, RecordRefusal>> {
    const found = await this.locate(scope, customerId);
    if (found.kind === 'refused' || !found.value.row.fenced) return found;
    return { kind: 'refused', code: 'CUSTOMER_FENCED', position: found.position };
  }

  /** The same, whether or not the customer is fenced. */
  async locate(
    scope: ReadScope,
    customerId: string,
  ): Promise<ReadResult<FoundRecord, 'CUSTOMER_NOT_FOUND'>> {
    const passed = await this.gate.pass(scope.minPosition);
    if (passed.kind === 'refused') return passed;
    const { position } = passed;
    const names = this.directory.names(scope.tenant, scope.environment, customerId);
    const [row] = names ? await this.readStore.customers([names.reference]) : [];
    if (!names || !row || !isOwn(scope, row)) {
      return { kind: 'refused', code: 'CUSTOMER_NOT_FOUND', position };
    }
    const { recordIdPrefix } = names;
    const { fencedFromSequence, verifiedDeltas } = row;
    const owner = { recordIdPrefix, fencedFromSequence, verifiedDeltas };
    return {
      kind: 'found',
      position,
      value: { row, owner, stream: customerStream(names.reference) },
    };
  }

  /**
   * The position of which a row is exactly the sum: rows are at least at `passed`, and a row that
   * is ahead of it ends with its own last event. `seen` spares the read where it is that event.
   */
  async positionOf(
    record: FoundRecord,
    passed: Position,
    seen: { readonly position: Position; readonly revision: number } | undefined,
  ): Promise<Position> {
    const { revision } = record.row;
    const range = { from: revision, direction: 'forwards', limit: 1 } as const;
    const last =
      seen?.revision === revision ? seen : (await this.store.readStream(record.stream, range))[0];
    return last && last.position > passed ? last.position : passed;
  }
}
