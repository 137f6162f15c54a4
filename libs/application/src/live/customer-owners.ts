// Whose a customer's stream is: it never changes, so it is remembered for the streams last seen.
import { recordIdPrefix, type Environment } from '@deltabook/domain';
import type { Position } from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';

/** The customer of a stream. */
export interface StreamOwner {
  readonly tenant: string;
  readonly environment: Environment;
  readonly customerId: string;
  readonly reference: string;
  /** See recordIdPrefix() of the domain. */
  readonly recordIdPrefix: string;
}

/** A stream whose owner is asked for. */
export interface WantedOwner {
  readonly stream: string;
  /** Customer reference, checksum-cased; only asked for where the owner is not remembered. */
  readonly reference: () => string;
}

export class CustomerOwners {
  /** In the order of last use, oldest first. */
  private readonly owners = new Map<string, StreamOwner>();

  constructor(
    private readonly readStore: Pick<ReadStore, 'customers' | 'waitFor'>,
    private readonly bounds: { readonly ownersMax: number; readonly projectionWaitMs: number },
  ) {}

  /**
   * Owners by stream, of events that were read up to `position`. Waits until the rows are projected
   * that far; throws when they are not in time.
   */
  async of(
    wanted: readonly WantedOwner[],
    position: Position,
  ): Promise<ReadonlyMap<string, StreamOwner>> {
    const found = new Map<string, StreamOwner>();
    const unknown = new Map<string, string>();
    for (const { stream, reference } of wanted) {
      if (found.has(stream) || unknown.has(stream)) continue;
      const owner = this.owners.get(stream);
      if (owner) found.set(stream, this.remember(stream, owner));
      else unknown.set(stream, reference());
    }
    if (unknown.size > 0) await this.look(unknown, position, found);
    return found;
  }

  private async look(
    references: ReadonlyMap<string, string>,
    position: Position,
    found: Map<string, StreamOwner>,
  ): Promise<void> {
    const { readStore, bounds } = this;
    if (!(await readStore.waitFor(position, bounds.projectionWaitMs))) {
      throw new Error(`position ${position} is not projected yet`);
    }
    const rows = await readStore.customers([...references.values()]);
    const streams = [...references.keys()];
    for (const [i, row] of rows.entries()) {
      const stream = streams[i];
      if (!row || stream === undefined) continue;
      const { tenant, environment, customerId, reference } = row;
      const prefix = recordIdPrefix(reference);
      const owner = { tenant, environment, customerId, reference, recordIdPrefix: prefix };
      found.set(stream, this.remember(stream, owner));
    }
  }

  private remember(stream: string, owner: StreamOwner): StreamOwner {
    this.owners.delete(stream);
    this.owners.set(stream, owner);
    if (this.owners.size > this.bounds.ownersMax) {
      const [oldest] = this.owners.keys();
      if (oldest !== undefined) this.owners.delete(oldest);
    }
    return owner;
  }
}
