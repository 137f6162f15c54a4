// One subscription while its connection lasts: what arrives is held, up to bounds, until the
// consumer takes it; beyond them the connection is not read, which in the end makes the server
// drop the subscription.
import type { LogBatch, Position, RecordedEvent } from '@deltabook/application';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { ReadCall } from './ledger-client';
import { positionOf, recordedEvent, storedNameOf } from './read-messages';
import type { StreamNames } from './stream-names';

export interface SubscriptionOptions {
  readonly names: StreamNames;
  readonly streamPrefixes: readonly string[];
  readonly batchCountMax: number;
  readonly bufferCountMax: number;
  readonly bufferBytesMax: number;
}

export class LogSubscription {
  private readonly held: RecordedEvent[] = [];
  private heldBytes = 0;
  /** Everything up to here has arrived. */
  private seen: Position;
  private live = false;
  /** Something was not told to the consumer yet. */
  private news = false;
  private ended = false;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly call: ReadCall,
    after: Position,
    private readonly options: SubscriptionOptions,
  ) {
    this.seen = after;
    call.on('data', (response: ReadResp) => this.take(response));
    call.on('error', (error) => this.end(error));
    call.on('end', () => this.end(undefined));
  }

  /** Everything up to here has arrived, delivered or not. */
  get arrived(): Position {
    return this.seen;
  }

  /** True while the server knows of nothing more. */
  get isLive(): boolean {
    return this.live;
  }

  /**
   * Batches until the connection ends or stop() is called; what had arrived is delivered before.
   *
   * @throws the error that ended the connection
   */
  async *batches(): AsyncGenerator<LogBatch> {
    for (;;) {
      if (!this.news && !this.ended) await new Promise<void>((wake) => (this.wake = wake));
      // Everything that arrives in this turn of the event loop goes into one batch.
      await new Promise((resolve) => setImmediate(resolve));
      while (this.news) yield this.nextBatch();
      if (!this.ended) continue;
      if (this.failure) throw this.failure;
      return;
    }
  }

  stop(): void {
    this.news = false;
    this.end(undefined);
    this.call.cancel();
  }

  private take(response: ReadResp): void {
    const wire = response.getEvent()?.getEvent();
    const checkpoint = response.getCheckpoint();
    if (wire) this.takeEvent(wire);
    else if (checkpoint) this.seen = latest(this.seen, BigInt(checkpoint.getCommitPosition()));
    else if (response.hasCaughtUp()) this.live = true;
    else if (response.hasFellBehind()) this.live = false;
    else return;
    this.news = true;
    this.wake();
  }

  private takeEvent(wire: ReadResp.ReadEvent.RecordedEvent): void {
    this.seen = latest(this.seen, positionOf(wire));
    const { names, streamPrefixes } = this.options;
    const stream = names.ours(storedNameOf(wire));
    if (stream === undefined || stream === names.storeStream) return;
    const wanted = streamPrefixes.length === 0 || streamPrefixes.some((p) => stream.startsWith(p));
    if (!wanted) return;
    const event = recordedEvent(wire, stream);
    this.held.push(event);
    this.heldBytes += event.data.length + event.metadata.length;
    if (this.isFull()) this.call.pause();
  }

  private nextBatch(): LogBatch {
    const events = this.held.splice(0, this.options.batchCountMax);
    for (const { data, metadata } of events) this.heldBytes -= data.length + metadata.length;
    const rest = this.held.length;
    this.news = rest > 0;
    const position = rest > 0 ? (events.at(-1)?.position ?? this.seen) : this.seen;
    if (this.call.isPaused() && !this.isFull()) this.call.resume();
    return { events, position, caughtUp: this.live && rest === 0 };
  }

  private isFull(): boolean {
    const { bufferCountMax, bufferBytesMax } = this.options;
    return this.held.length >= bufferCountMax || this.heldBytes >= bufferBytesMax;
  }

  private end(error: Error | undefined): void {
    this.failure ??= error;
    this.ended = true;
    this.wake();
  }
}

function latest(a: Position, b: Position): Position {
  return a > b ? a : b;
}
