// What main and reader thread say to each other.
import type { RecordedEvent, StreamRange } from '@deltabook/application';

export interface ReadRequest {
  readonly id: number;
  readonly stream: string;
  readonly range: StreamRange;
}

/** Events of one stream by columns: as objects they take twice as long to be handed over. */
export interface StreamEvents {
  readonly revisions: number[];
  readonly positions: number[];
  readonly types: string[];
  readonly data: string[];
  readonly metadata: string[];
}

export interface ReadReply {
  readonly id: number;
  readonly events?: StreamEvents;
  readonly error?: string;
}

export type ReaderMessage =
  'ready' | { readonly catchUp: readonly [done: number, total: number] } | readonly ReadReply[];

/** The same events as the port has them. */
export function recordedEvents(stream: string, events: StreamEvents): readonly RecordedEvent[] {
  return events.revisions.map((revision, i) => ({
    stream,
    revision,
    position: BigInt(events.positions[i] ?? 0),
    type: events.types[i] ?? '',
    data: events.data[i] ?? '',
    metadata: events.metadata[i] ?? '',
  }));
}
