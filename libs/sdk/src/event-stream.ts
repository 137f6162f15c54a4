// Reads server-sent events (WHATWG HTML, "server-sent events") out of the bytes of an answer.
import type { Deadline } from './deadline';

export interface ServerSentEvent {
  /** Last id seen, also of an earlier event. */
  readonly id: string;
  readonly data: string;
}

/** One event is never larger; a server that sends more is not one of ours. */
const EVENT_LENGTH_MAX = 1_048_576;

/**
 * Events in order; comments, other fields and an event cut off at the end are left out. The
 * deadline is extended whenever anything comes, comments included; rejects when it is over.
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  deadline: Pick<Deadline, 'race' | 'extend'>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const lines = new EventLines();
  try {
    for (;;) {
      const { done, value } = await deadline.race(reader.read());
      if (done) return;
      deadline.extend();
      yield* lines.take(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Frees the connection where the consumer stops first.
    reader.cancel().catch(() => undefined);
  }
}

class EventLines {
  private rest = '';
  private id = '';
  private data: string[] = [];

  *take(text: string): Generator<ServerSentEvent, void, undefined> {
    // A lone carriage return at the end may be half of a line's end.
    const parts = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = parts.pop() ?? '';
    if (this.rest.length > EVENT_LENGTH_MAX) throw new Error('an event is larger than 1 MiB');
    for (const line of parts) {
      if (line !== '') this.takeField(line);
      else if (this.data.length > 0) yield this.flush();
    }
  }

  private takeField(line: string): void {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'id') this.id = value;
    if (name === 'data') this.data.push(value);
  }

  private flush(): ServerSentEvent {
    const data = this.data.join('\n');
    this.data = [];
    return { id: this.id, data };
  }
}
