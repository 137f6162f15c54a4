// Finds a customer's checkpoint by its id: the id says where the event lies, the row whose it is.
import {
  customerStream,
  type Environment,
  type PlacedCheckpoint,
  type RecordPlace,
} from '@deltabook/domain';
import type { CustomerDirectory } from '../customers/customer-directory';
import type { EventStore } from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';
import { placedCheckpoint } from './checkpoint-facts';

export interface CheckpointFinderParts {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly readStore: Pick<ReadStore, 'customers' | 'periodCheckpoints'>;
  readonly directory: Pick<CustomerDirectory, 'referenceOf'>;
}

export interface CustomerCheckpoint {
  readonly customerId: string;
  readonly reference: string;
  readonly checkpoint: PlacedCheckpoint;
  /** Revision of the period's checkpoint that stands now, where that is a later one. */
  readonly supersededBy: number | null;
}

export class CheckpointFinder {
  constructor(private readonly parts: CheckpointFinderParts) {}

  /** Undefined when there is none, or it is not of this tenant and environment. */
  async find(
    { tenant, environment }: { readonly tenant: string; readonly environment: Environment },
    place: RecordPlace,
  ): Promise<CustomerCheckpoint | undefined> {
    const { store, readStore, directory } = this.parts;
    const reference = directory.referenceOf(place.referenceHex);
    const [row] = await readStore.customers([reference]);
    if (row?.tenant !== tenant || row.environment !== environment) return undefined;
    const range = { from: place.revision, direction: 'forwards', limit: 1 } as const;
    const [recorded] = await store.readStream(customerStream(reference), range);
    const checkpoint = recorded && placedCheckpoint(recorded);
    if (!checkpoint) return undefined;
    const [newest] = await readStore.periodCheckpoints([reference], checkpoint.event.period);
    const supersededBy = newest && newest.revision > place.revision ? newest.revision : null;
    return { customerId: row.customerId, reference, checkpoint, supersededBy };
  }
}
