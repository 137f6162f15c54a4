// Deltas as they are recorded, for everyone who follows them. The log is followed once for all, and
// only while somebody listens; who is too slow, or comes back, reads what is missing on their own.
import type { EventStore, Position, RecordedEvent } from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';
import { CustomerOwners } from './customer-owners';
import { happeningsOf } from './happenings';
import { scopeKey, type LiveEvent, type LiveScope } from './live-event';
import { LiveSubscription, type LiveBatch } from './live-subscription';

export interface LiveFeedBounds {
  /** Who may listen at once. */
  readonly subscribersMax: number;
  /** Events that wait for one listener before it has to read them from the log. */
  readonly bufferedMax: number;
  /** Customers whose owner is remembered. */
  readonly ownersMax: number;
  /** Events read at once. */
  readonly batchCountMax: number;
  /** How long events wait to be projected before listeners are let go. */
  readonly projectionWaitMs: number;
}

/** Nobody more can listen now. */
export class LiveFeedFullError extends Error {
  readonly code = 'TOO_MANY_SUBSCRIBERS';
}

/** What a feed reads from. */
export interface LiveFeedSources {
  readonly store: Pick<EventStore, 'follow' | 'head'>;
  readonly readStore: Pick<ReadStore, 'customers' | 'waitFor'>;
}

/** A run of the shared follower; the next one has nothing to do with it. */
interface Run {
  readonly started: Promise<void>;
  readonly ending: AbortController;
  /** Listeners get what lies after it. */
  position: Position;
}

/** Deltas are in the customers' streams, what was verified in the seal logs'. */
const STREAM_PREFIXES = ['customer-', 'seals-'];

export class LiveFeed {
  private readonly owners: CustomerOwners;
  private readonly subscriptions = new Set<LiveSubscription>();
  /** Those that are at the end of the log, by scope. */
  private readonly attached = new Map<string, Set<LiveSubscription>>();
  private run: Run | undefined;
  private isClosed = false;

  constructor(
    private readonly sources: LiveFeedSources,
    private readonly bounds: LiveFeedBounds,
  ) {
    this.owners = new CustomerOwners(sources.readStore, bounds);
  }

  /** Listens from now on, or from after a position. Throws LiveFeedFullError. */
  async subscribe(scope: LiveScope, after?: Position): Promise<LiveSubscription> {
    const position = after ?? (await this.sources.store.head());
    const { subscribersMax, bufferedMax } = this.bounds;
    if (this.isClosed || this.subscriptions.size >= subscribersMax) {
      throw new LiveFeedFullError(`${subscribersMax} are listening already`);
    }
    const subscription: LiveSubscription = new LiveSubscription(
      { scope, bufferedMax, position },
      {
        attach: () => this.attach(subscription),
        detach: () => this.detach(subscription),
        read: (from, signal) => this.read(scope, from, signal),
        forget: () => this.forget(subscription),
      },
    );
    this.subscriptions.add(subscription);
    return subscription;
  }

  /** Lets everybody go. */
  close(): void {
    this.isClosed = true;
    for (const subscription of this.subscriptions) subscription.close();
  }

  /** Gives the subscription what comes after the position that is returned. */
  private async attach(subscription: LiveSubscription): Promise<Position> {
    const run = (this.run ??= this.startRun());
    await run.started;
    const key = scopeKey(subscription.scope);
    const group = this.attached.get(key) ?? new Set();
    if (!subscription.isClosed) this.attached.set(key, group.add(subscription));
    return run.position;
  }

  private detach(subscription: LiveSubscription): void {
    const key = scopeKey(subscription.scope);
    const group = this.attached.get(key);
    group?.delete(subscription);
    if (group?.size === 0) this.attached.delete(key);
  }

  private forget(subscription: LiveSubscription): void {
    this.detach(subscription);
    this.subscriptions.delete(subscription);
    if (this.subscriptions.size > 0) return;
    this.run?.ending.abort();
    this.run = undefined;
  }

  private startRun(): Run {
    const start = async (): Promise<void> => {
      run.position = await this.sources.store.head();
      this.followAll(run).catch((error: Error) => this.fail(run, error));
    };
    const run: Run = {
      ending: new AbortController(),
      position: -1n,
      started: Promise.resolve().then(start),
    };
    return run;
  }

  /** What the log cannot give, nobody gets: they are told, and may come again. */
  private fail(run: Run, error: Error): void {
    if (this.run !== run) return;
    this.run = undefined;
    for (const subscription of this.subscriptions) subscription.fail(error);
  }

  private async followAll(run: Run): Promise<void> {
    const { batchCountMax } = this.bounds;
    const { signal } = run.ending;
    const after = run.position;
    const options = { after, streamPrefixes: STREAM_PREFIXES, batchCountMax, signal };
    for await (const { events, position } of this.sources.store.follow(options)) {
      const live = await this.liveEvents(events, position);
      if (signal.aborted) return;
      run.position = position;
      for (const event of live) {
        for (const subscription of this.attached.get(scopeKey(event)) ?? []) {
          subscription.push(event);
        }
      }
    }
  }

  /** Events of one scope after a position, read as fast as somebody asks for them. */
  private async *read(
    scope: LiveScope,
    after: Position,
    signal: AbortSignal,
  ): AsyncGenerator<LiveBatch, void, undefined> {
    const { batchCountMax } = this.bounds;
    // Without a filter, so that a batch comes whatever lies in between.
    const options = { after, streamPrefixes: [], batchCountMax, signal };
    for await (const { events, position } of this.sources.store.follow(options)) {
      const live = await this.liveEvents(events, position);
      yield { events: live.filter((event) => scopeKey(event) === scopeKey(scope)), position };
    }
  }

  private async liveEvents(
    events: readonly RecordedEvent[],
    position: Position,
  ): Promise<readonly LiveEvent[]> {
    const happened = events.flatMap(happeningsOf);
    if (happened.length === 0) return [];
    const owners = await this.owners.of(happened, position);
    return happened.flatMap(({ stream, eventOf }) => {
      const owner = owners.get(stream);
      return owner ? eventOf(owner) : [];
    });
  }
}
