// Whose a stream is: the first event of a customer's stream says it, and it never changes.
import type { RecordedEvent } from '@deltabook/application';
import { parseCustomerEvent, type CustomerRecordOpened } from '@deltabook/domain';

/** First events of streams, in the order of the streams; undefined where there is none. */
export type FirstEvents = (
  streams: readonly string[],
) => Promise<readonly (Pick<RecordedEvent, 'type' | 'data'> | undefined)[]>;

/** Remembers at most about `cachedMax` streams; the others are read again. */
export class CustomerIdentities {
  private current = new Map<string, CustomerRecordOpened>();
  private previous = new Map<string, CustomerRecordOpened>();

  constructor(
    private readonly firstEvents: FirstEvents,
    private readonly cachedMax: number,
  ) {}

  /** Takes note of a stream's first event. */
  opened(stream: string, event: CustomerRecordOpened): void {
    if (this.current.size >= this.cachedMax / 2) {
      this.previous = this.current;
      this.current = new Map();
    }
    this.current.set(stream, event);
  }

  /** Undefined when it was not loaded; see load(). */
  of(stream: string): CustomerRecordOpened | undefined {
    return this.current.get(stream) ?? this.previous.get(stream);
  }

  /** Reads what is not known of these streams. */
  async load(wanted: readonly string[]): Promise<void> {
    const unknown = new Set<string>();
    for (const stream of wanted) {
      const known = this.of(stream);
      if (known) this.current.set(stream, known);
      else unknown.add(stream);
    }
    if (unknown.size === 0) return;
    const streams = [...unknown];
    const found = await this.firstEvents(streams);
    streams.forEach((stream, i) => {
      const first = found[i];
      const event = first && parseCustomerEvent(first.type, first.data);
      if (event?.type === 'CustomerRecordOpened') this.opened(stream, event);
    });
  }
}
