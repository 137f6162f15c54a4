// Whose a stream is: the first event of a customer's stream says it, and it never changes.
import type { RecordedEvent } from '@deltabook/application';
import { wholeCustomerEvent, type CustomerRecordOpened } from '@deltabook/domain';

/** First events of streams, in the order of the streams; undefined where there is none. */
export type FirstEvents = (
  streams: readonly string[],
) => Promise<readonly (Pick<RecordedEvent, 'type' | 'data'> | undefined)[]>;

/** Undefined for a stream whose first event is damaged or gone: nobody can say whose it is. */
type Identity = CustomerRecordOpened | undefined;

/** Remembers about `cachedMax` streams beside those asked for last; others are read again. */
export class CustomerIdentities {
  private current = new Map<string, Identity>();
  private previous = new Map<string, Identity>();

  constructor(
    private readonly firstEvents: FirstEvents,
    private readonly cachedMax: number,
  ) {}

  /** Takes note of a stream's first event. */
  opened(stream: string, event: Identity): void {
    this.current.set(stream, event);
  }

  /** Throws for a stream that was not loaded; see load(). */
  of(stream: string): Identity {
    const known = this.holderOf(stream);
    if (!known) throw new Error(`the first event of ${stream} was not loaded`);
    return known.get(stream);
  }

  /** Reads what is not known of these streams; all of them stay until the next call. */
  async load(wanted: readonly string[]): Promise<void> {
    if (this.current.size >= this.cachedMax / 2) {
      this.previous = this.current;
      this.current = new Map();
    }
    const unknown = new Set<string>();
    for (const stream of wanted) {
      const known = this.holderOf(stream);
      if (known) this.current.set(stream, known.get(stream));
      else unknown.add(stream);
    }
    if (unknown.size === 0) return;
    const streams = [...unknown];
    const found = await this.firstEvents(streams);
    streams.forEach((stream, i) => {
      const first = found[i];
      const event = first && wholeCustomerEvent(first.type, first.data);
      this.opened(stream, event?.type === 'CustomerRecordOpened' ? event : undefined);
    });
  }

  private holderOf(stream: string): ReadonlyMap<string, Identity> | undefined {
    return [this.current, this.previous].find((known) => known.has(stream));
  }
}
