import { readEventStream, type ServerSentEvent } from './event-stream';

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

/** A deadline that is never over. */
const FOR_EVER = { race: <T>(work: Promise<T>): Promise<T> => work, extend: (): void => undefined };

async function eventsOf(pieces: readonly Uint8Array[]): Promise<readonly ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readEventStream(streamOf(pieces), FOR_EVER)) events.push(event);
  return events;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const TEXT =
  ': hello\n\nid: 4\nevent: delta.recorded\ndata: {"a":"ü:"}\n\n' +
  'retry: 10\ndata:1\r\ndata: 2\r\n\r\nid\ndata\n\ndata: cut off';
const EVENTS = [
  { id: '4', data: '{"a":"ü:"}' },
  { id: '4', data: '1\n2' },
  { id: '', data: '' },
];

describe('readEventStream', () => {
  it('reads events, leaving out comments, other fields and what is cut off', async () => {
    expect(await eventsOf([bytes(TEXT)])).toEqual(EVENTS);
  });

  it('reads the same whatever pieces the bytes come in', async () => {
    const whole = bytes(TEXT);
    for (const size of [1, 2, 3, 7, 11]) {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += size) pieces.push(whole.slice(at, at + size));
      expect(await eventsOf(pieces)).toEqual(EVENTS);
    }
  });

  it('refuses an event without end', async () => {
    const piece = bytes(`data: ${'x'.repeat(1_048_576)}`);
    await expect(eventsOf([piece])).rejects.toThrow('larger than 1 MiB');
  });
});
