// One listener: at the end of the log it is given what is new; behind it, it reads. Every event
// comes once and in order, whatever happens in between.
import type { Position } from '../ports/event-store.port';
import type { LiveEvent, LiveScope } from './live-event';

/** Some events of a scope, and the position up to which there are no others. */
export interface LiveBatch {
  readonly events: readonly LiveEvent[];
  readonly position: Position;
}

/** What a listener asks of its feed. */
export interface LiveSource {
  /** From now on the feed pushes what lies after the position it resolves with. */
  attach(): Promise<Position>;
  detach(): void;
  /** Events of the scope after a position, a batch at a time. */
  read(after: Position, signal: AbortSignal): AsyncGenerator<LiveBatch, void, undefined>;
  forget(): void;
}

export interface LivePlace {
  readonly scope: LiveScope;
  /** Events that wait at most. */
  readonly bufferedMax: number;
  /** The first event lies after it. */
  readonly position: Position;
}

export class LiveSubscription {
  readonly scope: LiveScope;
  private readonly closing = new AbortController();
  private position: Position;
  private buffer: LiveEvent[] = [];
  /** Where the feed's pushes begin, while attached. */
  private pushedAfter: Position | undefined;
  private reading: ReturnType<LiveSource['read']> | undefined;
  private wake: (() => void) | undefined;
  private failure: Error | undefined;

  constructor(
    private readonly place: LivePlace,
    private readonly source: LiveSource,
  ) {
    this.scope = place.scope;
    this.position = place.position;
  }

  get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  /**
   * The next events; none when there was nothing for `waitMs`, or it was closed. Throws when the
   * log cannot be read. One call at a time.
   */
  async take(waitMs: number): Promise<readonly LiveEvent[]> {
    if (this.failure) throw this.failure;
    if (this.isClosed) return [];
    const events = (await this.isBehind()) ? await this.readOn() : await this.taken(waitMs);
    const { customerId } = this.scope;
    return customerId === undefined
      ? events
      : events.filter((event) => event.customerId === customerId);
  }

  /** Called by the feed, in log order. */
  push(event: LiveEvent): void {
    if (this.buffer.length < this.place.bufferedMax) this.buffer.push(event);
    else this.fallBehind();
    this.wake?.();
  }

  fail(error: Error): void {
    this.failure = error;
    this.wake?.();
  }

  close(): void {
    if (this.isClosed) return;
    this.closing.abort();
    this.source.forget();
    this.wake?.();
  }

  /** Attaches first, so that nothing can fall between what is read and what is pushed. */
  private async isBehind(): Promise<boolean> {
    this.pushedAfter ??= await this.source.attach();
    return this.position < this.pushedAfter;
  }

  private fallBehind(): void {
    this.source.detach();
    this.pushedAfter = undefined;
    this.buffer = [];
  }

  private async readOn(): Promise<readonly LiveEvent[]> {
    this.reading ??= this.source.read(this.position, this.closing.signal);
    const next = await this.reading.next();
    if (next.done === true) return [];
    this.position = next.value.position;
    const { pushedAfter } = this;
    if (pushedAfter !== undefined && this.position >= pushedAfter) {
      await this.reading.return(undefined);
      this.reading = undefined;
    }
    return next.value.events;
  }

  private async taken(waitMs: number): Promise<readonly LiveEvent[]> {
    if (this.buffer.length === 0) await this.pause(waitMs);
    const events = this.buffer.filter(({ position }) => position > this.position);
    this.buffer = [];
    this.position = events.at(-1)?.position ?? this.position;
    return events;
  }

  private pause(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
