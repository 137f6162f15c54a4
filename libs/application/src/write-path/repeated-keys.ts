// Which keys of a batch were used before: recent ones are in memory, older ones in the key index,
// and a filter in memory says of nearly every new key that it is new. The deltas themselves are
// read from the stream.
import type { EmittedDelta } from '@deltabook/domain';
import type { ReadStore } from '../ports/read-store.port';
import type { CustomerLoader } from './customer-loader';
import type { RecentKeys } from './recent-keys';
import type { PendingCommand } from './round';

/** Keys of one customer looked for at once: the stores' bounds are for all customers together. */
const LOOKED_FOR_AT_ONCE = 16;

export interface RepeatedKeysParts {
  readonly readStore: Pick<ReadStore, 'mayHaveKey'>;
  readonly recentKeys: RecentKeys;
  readonly loader: Pick<CustomerLoader, 'deltaAt' | 'findByKey'>;
}

export class RepeatedKeys {
  constructor(
    private readonly reference: string,
    private readonly parts: RepeatedKeysParts,
  ) {}

  /** True when one may have been used; for new keys what is in memory says no. */
  mayBeIn(batch: readonly PendingCommand[]): boolean {
    const { recentKeys, readStore } = this.parts;
    return batch.some(({ command }) => {
      const key = command.idempotency?.key;
      if (key === undefined) return false;
      return recentKeys.find(key) !== undefined || readStore.mayHaveKey(key);
    });
  }

  /** Deltas that carry a key of the batch; recent ones may be forgotten while this waits. */
  async storedDeltas(batch: readonly PendingCommand[]): Promise<Map<string, EmittedDelta>> {
    const keys = new Set<string>();
    for (const { command } of batch) if (command.idempotency) keys.add(command.idempotency.key);
    const found = new Map<string, EmittedDelta>();
    const find = async (key: string): Promise<void> => {
      const delta = await this.storedDelta(key);
      if (delta) found.set(key, delta);
    };
    const left = [...keys];
    while (left.length > 0) await Promise.all(left.splice(0, LOOKED_FOR_AT_ONCE).map(find));
    return found;
  }

  private async storedDelta(key: string): Promise<EmittedDelta | undefined> {
    const { recentKeys, readStore, loader } = this.parts;
    const revision = recentKeys.find(key);
    if (revision !== undefined) {
      const delta = await loader.deltaAt(this.reference, revision, key);
      // It was acknowledged: taken for new, it would be stored twice.
      if (!delta) throw new Error(`the stream lacks revision ${revision}, which was appended`);
      return delta;
    }
    return readStore.mayHaveKey(key) ? loader.findByKey(this.reference, key) : undefined;
  }
}
