// What a checkpoint is decided on, read from the customer's stream up to a revision: where its
// deltas stood at the ends of the period, how far they are verified, and the period's checkpoint.
import {
  CHECKPOINT_COMMITTED,
  customerStream,
  parseCustomerEvent,
  type CheckpointCommitted,
  type CheckpointFacts,
  type Customer,
  type DeltaPoint,
  type Period,
  type PlacedCheckpoint,
} from '@deltabook/domain';
import { STREAM_PAGE_MAX, type EventStore, type RecordedEvent } from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';
import {
  deltaBefore,
  deltaOfSequence,
  NO_DELTAS,
  pointOf,
  type StreamUpTo,
} from '../queries/delta-places';

type OpenCustomer = Extract<Customer, { status: 'open' }>;

/** The checkpoint that a stored event is, if it is one. */
export function placedCheckpoint({
  type,
  data,
  revision,
}: RecordedEvent): PlacedCheckpoint | undefined {
  if (type !== CHECKPOINT_COMMITTED) return undefined;
  return { event: parseCustomerEvent(type, data) as CheckpointCommitted, revision };
}

export class CheckpointFactsReader {
  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly readStore: Pick<ReadStore, 'customers' | 'periodCheckpoints'>,
  ) {}

  /** Facts of a period as of the customer's revision. */
  async read(reference: string, period: Period, customer: OpenCustomer): Promise<CheckpointFacts> {
    const { revision, sequence } = customer;
    const all: StreamUpTo = { stream: customerStream(reference), end: { revision, sequence } };
    const [row] = await this.readStore.customers([reference]);
    const recorded = pointOf(await deltaBefore(this.store, all, period.beforeMs));
    const opening = pointOf(await deltaBefore(this.store, all, period.fromMs));
    return {
      opening,
      recordedSequence: recorded.sequence,
      verified: await this.verifiedPoint(all, recorded, row?.verifiedDeltas ?? 0),
      earlier: await this.newest(all, { reference, period }, row?.revision ?? 0),
    };
  }

  private async verifiedPoint(
    all: StreamUpTo,
    recorded: DeltaPoint,
    verifiedDeltas: number,
  ): Promise<DeltaPoint> {
    if (recorded.sequence <= verifiedDeltas) return recorded;
    if (verifiedDeltas === 0) return NO_DELTAS;
    return pointOf(await deltaOfSequence(this.store, all, verifiedDeltas));
  }

  /** The projected one, or one that was committed since. */
  private async newest(
    { stream, end }: StreamUpTo,
    { reference, period }: { readonly reference: string; readonly period: Period },
    projectedRevision: number,
  ): Promise<PlacedCheckpoint | undefined> {
    let newest: PlacedCheckpoint | undefined;
    for (let from = projectedRevision + 1; from <= end.revision; from += STREAM_PAGE_MAX) {
      const limit = Math.min(STREAM_PAGE_MAX, end.revision - from + 1);
      const page = await this.store.readStream(stream, { from, direction: 'forwards', limit });
      const placed = page.map(placedCheckpoint).filter((checkpoint) => checkpoint !== undefined);
      newest = placed.findLast(({ event }) => event.period === period.period) ?? newest;
    }
    if (newest) return newest;
    const [row] = await this.readStore.periodCheckpoints([reference], period.period);
    if (!row) return undefined;
    const range = { from: row.revision, direction: 'forwards', limit: 1 } as const;
    const [recorded] = await this.store.readStream(stream, range);
    return recorded && placedCheckpoint(recorded);
  }
}
