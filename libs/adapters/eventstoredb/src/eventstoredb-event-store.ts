// The event store on an EventStoreDB server or cluster: appends as requests in flight, reads
// from the leader, the log by catch-up subscriptions.
import {
  APPEND_BYTES_MAX,
  type AppendConcurrency,
  type AppendOutcome,
  type EventStore,
  type FollowOptions,
  type LogBatch,
  type Position,
  type RecordedEvent,
  type StreamAppend,
  type StreamRange,
} from '@deltabook/application';
import { AppendLane } from './append-lane';
import { byteCountOf, eventIdsOf, type ServerOutcome } from './append-messages';
import { asError } from './call-errors';
import {
  completeOptions,
  type EventStoreDbOptions,
  type GivenOptions,
} from './eventstoredb-options';
import { LedgerClient } from './ledger-client';
import { LogFollower, type FollowStatistics } from './log-follower';
import { requireServer, withinTime } from './server-check';
import { startErrorOf } from './start-errors';
import { storeIdOf } from './store-identity';
import { StreamNames } from './stream-names';
import { StreamReader } from './stream-reader';

/** What readiness and metrics say about the store. */
export interface StoreStatus {
  /** The node that serves, host:port. */
  readonly node: string | undefined;
  readonly serverVersion: string;
  readonly reachable: boolean;
  /** Why it is not, when it is not. */
  readonly reason: string | undefined;
}

/** Counted since the start. */
export interface StoreStatistics {
  readonly appendsInFlight: number;
  readonly appendsUnknown: number;
  /** Appends that turned out to be stored already. */
  readonly appendsRepeated: number;
  readonly follow: FollowStatistics;
}

export class EventStoreDbEventStore implements EventStore {
  readonly appendConcurrency: AppendConcurrency;
  private readonly names: StreamNames;
  private readonly reader: StreamReader;
  private readonly lanes: readonly AppendLane[];
  private readonly follower: LogFollower;
  private nextLane = 0;
  private unknownCount = 0;
  private repeatedCount = 0;
  private closing: Promise<void> | undefined;
  private id = '';
  private onClosed: () => void = () => undefined;

  private constructor(
    private readonly client: LedgerClient,
    private readonly serverVersion: string,
    private readonly options: EventStoreDbOptions,
  ) {
    this.names = new StreamNames(options.streamPrefix);
    this.reader = new StreamReader(client, this.names, options);
    this.lanes = Array.from(
      { length: options.appendLanes },
      () => new AppendLane(client, options.appendTimeoutMs),
    );
    this.follower = new LogFollower('', LedgerClient.of(options, true), options);
    this.appendConcurrency = {
      callsInFlightMax: options.appendsInFlightMax,
      // Each append is answered by itself, so none waits for the others of a call.
      appendsPerCallMax: 1,
      bytesPerCallMax: APPEND_BYTES_MAX,
    };
  }

  /**
   * Connects, checks the server's version, and reads or makes the store's id.
   *
   * @param onClosed called once an opened store is closed and everything is let go
   * @throws EventStoreDbStartError with one line that says what to do
   */
  static async open(
    given: GivenOptions,
    onClosed: () => void = () => undefined,
  ): Promise<EventStoreDbEventStore> {
    const options = completeOptions(given);
    const client = LedgerClient.of(options, false);
    let store: EventStoreDbEventStore | undefined;
    try {
      return await withinTime(options.connectTimeoutMs, async () => {
        const version = await requireServer(client);
        store = new EventStoreDbEventStore(client, version, options);
        await store.identify();
        store.onClosed = onClosed;
        return store;
      });
    } catch (error) {
      await (store ?? client).close();
      throw startErrorOf(error, client.nodes);
    }
  }

  get isClosed(): boolean {
    return this.closing !== undefined;
  }

  get storeId(): string {
    return this.id;
  }

  append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    return Promise.all(appends.map((append) => this.appendOne(append)));
  }

  readStream(stream: string, range: StreamRange): Promise<readonly RecordedEvent[]> {
    return this.reader.page(stream, range);
  }

  follow(options: FollowOptions): AsyncIterable<LogBatch> {
    return this.follower.follow(options);
  }

  head(): Promise<Position> {
    return this.reader.head();
  }

  /** Asks the leader for the store's id; for readiness. */
  async status(): Promise<StoreStatus> {
    const { serverVersion } = this;
    try {
      await this.reader.page(this.names.storeStream, { from: 0, direction: 'forwards', limit: 1 });
      return { node: this.client.node, serverVersion, reachable: true, reason: undefined };
    } catch (error) {
      const reason = asError(error).message;
      return { node: this.client.node, serverVersion, reachable: false, reason };
    }
  }

  get statistics(): StoreStatistics {
    return {
      appendsInFlight: this.lanes.reduce((sum, lane) => sum + lane.inFlight, 0),
      appendsUnknown: this.unknownCount,
      appendsRepeated: this.repeatedCount,
      follow: this.follower.statistics,
    };
  }

  close(): Promise<void> {
    this.closing ??= this.settleAndClose();
    return this.closing;
  }

  private async settleAndClose(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.settled()));
    await Promise.all([this.follower.close(), this.client.close()]);
    this.onClosed();
  }

  private async identify(): Promise<void> {
    const append = (one: StreamAppend): Promise<AppendOutcome> => this.appendOne(one);
    this.id = await storeIdOf(this.names.storeStream, this.reader, append);
  }

  private async appendOne(append: StreamAppend): Promise<AppendOutcome> {
    if (this.closing) return { kind: 'unknown', reason: 'the store is closed' };
    if (byteCountOf(append.events) > APPEND_BYTES_MAX) return { kind: 'too-large' };
    this.nextLane = (this.nextLane + 1) % this.lanes.length;
    const answer = await this.lanes[this.nextLane]?.append(
      append,
      this.names.stored(append.stream),
    );
    const outcome = await this.settled(append, answer);
    if (outcome.kind === 'unknown') this.unknownCount += 1;
    return outcome;
  }

  /** Turns an answer that does not tell all into one that does, by reading what is stored. */
  private async settled(
    append: StreamAppend,
    answer: ServerOutcome | undefined,
  ): Promise<AppendOutcome> {
    if (!answer) return { kind: 'unknown', reason: 'the store has no lane for appends' };
    const last = append.expectedRevision + append.events.length;
    const mayBeStored =
      answer.kind === 'appended-somewhere' ||
      (answer.kind === 'conflict' && answer.actualRevision >= last);
    if (!mayBeStored) return answer;
    try {
      const stored = await this.storedAs(append);
      if (stored) return stored;
    } catch (error) {
      return { kind: 'unknown', reason: asError(error).message };
    }
    if (answer.kind === 'conflict') return answer;
    return { kind: 'unknown', reason: 'EventStoreDB has an append that cannot be read' };
  }

  /** The outcome that a repeat of this append gets, when its events are the stored ones. */
  private async storedAs(append: StreamAppend): Promise<AppendOutcome | undefined> {
    const { stream, expectedRevision, events } = append;
    const ids = eventIdsOf(append);
    const lastRange = {
      from: expectedRevision + events.length,
      direction: 'forwards',
      limit: 1,
    } as const;
    const [last] = await this.reader.identifiedPage(stream, lastRange);
    if (!last || last.id !== ids.at(-1)) return undefined;
    const range = { from: expectedRevision + 1, direction: 'forwards', limit: ids.length } as const;
    const stored = await this.reader.identifiedPage(stream, range);
    if (ids.some((id, i) => stored[i]?.id !== id)) return undefined;
    this.repeatedCount += 1;
    return { kind: 'appended', revision: last.event.revision, position: last.event.position };
  }
}
