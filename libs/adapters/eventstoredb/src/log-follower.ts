// Follows the whole log: one subscription after another, each from where the last one came to.
// Usable in any thread; each follower has its own connection, to the node of the connection
// string's nodePreference.
import {
  LOG_START,
  type FollowOptions,
  type LogBatch,
  type Position,
} from '@deltabook/application';
import { setTimeout as pause } from 'node:timers/promises';
import { callFailureOf } from './call-errors';
import {
  completeOptions,
  type EventStoreDbOptions,
  type GivenOptions,
} from './eventstoredb-options';
import { LedgerClient } from './ledger-client';
import { LogSubscription } from './log-subscription';
import { subscribeRequest } from './read-messages';
import { StreamNames } from './stream-names';
import { StreamReader } from './stream-reader';

/** Age from which the head is asked for again while the log is being caught up with. */
const HEAD_AGE_MS_MAX = 1_000;

/** What a follower has seen happen to its subscriptions. */
export interface FollowStatistics {
  /** Subscriptions made again, by the client's word for why. */
  readonly resubscribed: ReadonlyMap<string, number>;
  /** Why the last one ended, until events arrive again. */
  readonly lastFailure: string | undefined;
  /** Up to where the log was followed. */
  readonly position: Position;
}

export class LogFollower {
  private readonly names: StreamNames;
  private readonly reader: StreamReader;
  private readonly running = new Set<LogSubscription>();
  private readonly resubscribed = new Map<string, number>();
  private lastFailure: string | undefined;
  private closed = false;
  private lastHead: Position = LOG_START;
  private headAskedMs = -HEAD_AGE_MS_MAX;
  private askingHead = false;
  private position: Position = LOG_START;

  constructor(
    readonly storeId: string,
    private readonly client: LedgerClient,
    private readonly options: EventStoreDbOptions,
  ) {
    this.names = new StreamNames(options.streamPrefix);
    this.reader = new StreamReader(client, this.names, options);
  }

  get statistics(): FollowStatistics {
    const { resubscribed, lastFailure, position } = this;
    return { resubscribed, lastFailure, position };
  }

  /** The node of the last call, host:port. */
  get node(): string | undefined {
    return this.client.node;
  }

  /**
   * Asked of the server while nothing is followed. A consumer that asks after every batch gets what
   * has arrived, and while there is more to come the server's head of a moment ago.
   */
  async head(): Promise<Position> {
    const [subscription] = this.running;
    if (!subscription) return this.reader.head();
    const due = performance.now() - this.headAskedMs > HEAD_AGE_MS_MAX;
    if (!subscription.isLive && due && !this.askingHead) void this.askHead();
    const { arrived } = subscription;
    return arrived > this.lastHead ? arrived : this.lastHead;
  }

  private async askHead(): Promise<void> {
    this.askingHead = true;
    const last = this.lastHead;
    this.lastHead = await this.reader.head().catch(() => last);
    this.headAskedMs = performance.now();
    this.askingHead = false;
  }

  async *follow(options: FollowOptions): AsyncGenerator<LogBatch> {
    let position = options.after;
    let delayMs: number = this.options.followRetryMinMs;
    while (!options.signal.aborted && !this.closed) {
      try {
        for await (const batch of this.subscription(position, options)) {
          position = batch.position;
          this.position = position;
          delayMs = this.options.followRetryMinMs;
          this.lastFailure = undefined;
          yield batch;
        }
      } catch (error) {
        this.note(error);
      }
      if (!options.signal.aborted && !this.closed) await pauseUnless(options.signal, delayMs);
      delayMs = Math.min(delayMs * 2, this.options.followRetryMaxMs);
    }
  }

  /** Ends everything that follows. */
  async close(): Promise<void> {
    this.closed = true;
    for (const subscription of this.running) subscription.stop();
    await this.client.close();
  }

  private async *subscription(after: Position, options: FollowOptions): AsyncGenerator<LogBatch> {
    const { followBufferCountMax, followBufferBytesMax } = this.options;
    if (this.lastHead === LOG_START) await this.askHead();
    const from = after > LOG_START ? after : undefined;
    const call = await this.client.subscribe(subscribeRequest(this.names, from));
    const subscription = new LogSubscription(call, after, {
      names: this.names,
      streamPrefixes: options.streamPrefixes,
      batchCountMax: options.batchCountMax,
      bufferCountMax: followBufferCountMax,
      bufferBytesMax: followBufferBytesMax,
    });
    const stop = (): void => subscription.stop();
    options.signal.addEventListener('abort', stop, { once: true });
    this.running.add(subscription);
    try {
      if (options.signal.aborted) return;
      yield* subscription.batches();
    } finally {
      options.signal.removeEventListener('abort', stop);
      this.running.delete(subscription);
      subscription.stop();
    }
  }

  private note(error: unknown): void {
    const { type, message } = callFailureOf(error);
    this.resubscribed.set(type, (this.resubscribed.get(type) ?? 0) + 1);
    this.lastFailure = message;
  }
}

async function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}

/** What another thread or process needs to follow the log; can be posted to it. */
export type FollowerOptions = GivenOptions & { readonly storeId: string };

/** A follower with a connection of its own, for another thread; close it when done. */
export function openEventStoreDbFollower(options: FollowerOptions): LogFollower {
  const complete = completeOptions(options);
  return new LogFollower(options.storeId, LedgerClient.of(complete, true), complete);
}
