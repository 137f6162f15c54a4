// Write-side state of a customer: the projected row as a
// snapshot, and the stream's events after it.
import {
  ABSENT,
  customerStream,
  evolve,
  nanoOf,
  parseCustomerEvent,
  type Customer,
  type DeltaEmitted,
  type EmittedDelta,
} from '@deltabook/domain';
import { STREAM_PAGE_MAX, type EventStore, type RecordedEvent } from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';
import type { CustomerRow } from '../read-models/rows';
import type { RecentKeys } from './recent-keys';

export class CustomerLoader {
  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly readStore: Pick<ReadStore, 'customers' | 'keyCandidates'>,
    private readonly recentKeys: RecentKeys,
  ) {}

  /**
   * State after the last event of the customer's stream;
   * keys of the tail are remembered on the way.
   *
   * @param known an earlier state, to read on from instead of from the projected row
   */
  async load(reference: string, known?: Customer): Promise<Customer> {
    let customer = known ?? (await this.projected(reference));
    const stream = customerStream(reference);
    for (;;) {
      const from = customer.status === 'open' ? customer.revision + 1 : 0;
      const range = { from, direction: 'forwards', limit: STREAM_PAGE_MAX } as const;
      const page = await this.store.readStream(stream, range);
      for (const recorded of page) customer = this.fold(customer, recorded);
      if (page.length < STREAM_PAGE_MAX) return customer;
    }
  }

  private async projected(reference: string): Promise<Customer> {
    const [row] = await this.readStore.customers([reference]);
    return row ? customerOfRow(row) : ABSENT;
  }

  /** How many of the customer's deltas are verified, as far as it is projected. */
  async verifiedDeltas(reference: string): Promise<number> {
    const [row] = await this.readStore.customers([reference]);
    return row?.verifiedDeltas ?? 0;
  }

  private fold(customer: Customer, recorded: RecordedEvent): Customer {
    const event = parseCustomerEvent(recorded.type, recorded.data);
    if (event.type === 'DeltaEmitted' && event.idempotency) {
      this.recentKeys.remember(event.idempotency.key, recorded.revision, recorded.position);
    }
    return evolve(customer, event, recorded.revision);
  }

  /**
   * The projected delta that carries the key, if any:
   * candidates of the index are read and compared.
   */
  async findByKey(reference: string, keyHex: string): Promise<EmittedDelta | undefined> {
    for (const { revision } of await this.readStore.keyCandidates(reference, keyHex)) {
      const delta = await this.deltaAt(reference, revision, keyHex);
      if (delta) return delta;
    }
    return undefined;
  }

  /** The delta at a revision of the customer's stream, if it carries the key. */
  async deltaAt(
    reference: string,
    revision: number,
    keyHex: string,
  ): Promise<EmittedDelta | undefined> {
    const range = { from: revision, direction: 'forwards', limit: 1 } as const;
    const [recorded] = await this.store.readStream(customerStream(reference), range);
    if (!recorded) return undefined;
    const event = parseCustomerEvent(recorded.type, recorded.data);
    if (event.type !== 'DeltaEmitted' || event.idempotency?.key !== keyHex) return undefined;
    return emittedDeltaOf(event, revision);
  }
}

function customerOfRow(row: CustomerRow): Customer {
  return {
    status: 'open',
    revision: row.revision,
    sequence: row.totalDeltas,
    balanceNano: row.balanceNano,
    lastReceiptId: row.lastReceiptId,
    lastRecordedAt: row.lastRecordedAt,
    fenced: row.fenced,
  };
}

/** What replies repeat of a stored delta. */
export function emittedDeltaOf(event: DeltaEmitted, revision: number): EmittedDelta {
  const { leaf } = event;
  return {
    revision,
    sequence: Number(leaf.sequence),
    nano: nanoOf(leaf.delta),
    balanceNano: nanoOf(leaf.balance),
    receiptId: event.receiptId,
    contentHash: leaf.contentHash,
    previousProofHash: leaf.previousProofHash,
    recordedAt: leaf.recordedAt,
    bodyMac: event.idempotency?.body ?? '',
  };
}
