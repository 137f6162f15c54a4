// Which keys of a batch were used before: recent ones are in memory, older ones in the key index,
// and a filter in memory says of nearly every new key that it is new.
import type { EmittedDelta } from '@deltabook/domain';
import type { ReadStore } from '../ports/read-store.port';
import type { CustomerLoader } from './customer-loader';
import type { RecentKeys } from './recent-keys';
import type { PendingCommand } from './round';

export interface RepeatedKeysParts {
  readonly readStore: Pick<ReadStore, 'mayHaveKey'>;
  readonly recentKeys: RecentKeys;
  readonly loader: Pick<CustomerLoader, 'findByKey'>;
}

export class RepeatedKeys {
  constructor(
    private readonly reference: string,
    private readonly parts: RepeatedKeysParts,
  ) {}

  /** True when the key index has to be asked; for new keys the filter in memory says no. */
  mayBeIn(batch: readonly PendingCommand[]): boolean {
    const { readStore } = this.parts;
    return batch.some(({ command }) => {
      const key = command.idempotency?.key;
      return key !== undefined && readStore.mayHaveKey(key);
    });
  }

  /** Deltas that carry a key of the batch; recent ones may be forgotten while this waits. */
  async storedDeltas(batch: readonly PendingCommand[]): Promise<Map<string, EmittedDelta>> {
    const found = new Map<string, EmittedDelta>();
    for (const { command } of batch) {
      const key = command.idempotency?.key;
      if (key === undefined || found.has(key)) continue;
      const delta = this.parts.recentKeys.find(key) ?? (await this.projectedDelta(key));
      if (delta) found.set(key, delta);
    }
    return found;
  }

  private async projectedDelta(key: string): Promise<EmittedDelta | undefined> {
    const { readStore, loader } = this.parts;
    return readStore.mayHaveKey(key) ? loader.findByKey(this.reference, key) : undefined;
  }
}
