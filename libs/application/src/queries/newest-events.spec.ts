// Reading ahead changes how often a stream is read, never what is read of it.
import * as fc from 'fast-check';
import type { RecordedEvent, StreamRange } from '../ports/event-store.port';
import { NewestEvents } from './newest-events';

const STREAM = 'customer-fb6916095ca1df60bb79ce92ce3ea74c37c5d359';

function aStore(eventCount: number) {
  const events = Array.from({ length: eventCount }, (_, revision): RecordedEvent => {
    const position = BigInt(100 + revision);
    return { stream: STREAM, revision, position, type: 'T', data: '{}', metadata: '{}' };
  });
  const reads: StreamRange[] = [];
  const readStream = (stream: string, range: StreamRange) => {
    reads.push(range);
    const { from, direction, limit } = range;
    const start = from === 'end' ? events.length - 1 : Math.min(from, events.length - 1);
    const page =
      direction === 'forwards'
        ? events.slice(start, start + limit)
        : events.slice(Math.max(0, start - limit + 1), start + 1).reverse();
    return Promise.resolve(stream === STREAM ? page : []);
  };
  return { store: { readStream }, events, reads };
}

describe('events read ahead', () => {
  it('are what the store would give, for every range and other streams', async () => {
    const count = fc.integer({ min: 1, max: 60 });
    const range = fc.record<StreamRange>({
      from: fc.oneof(fc.nat(70), fc.constant('end' as const)),
      direction: fc.constant('backwards'),
      limit: count,
    });
    await fc.assert(
      fc.asyncProperty(count, count, range, fc.boolean(), async (length, wanted, asked, own) => {
        const { store } = aStore(length);
        const stream = own ? STREAM : 'customer-00';
        const ahead = new NewestEvents(store, STREAM, wanted);
        expect(await ahead.readStream(stream, asked)).toEqual(
          await store.readStream(stream, asked),
        );
      }),
    );
  });

  it('spare a read where the page ends a little before the stream does', async () => {
    const { store, events, reads } = aStore(100);
    const ahead = new NewestEvents(store, STREAM, 20);
    const page = await ahead.readStream(STREAM, { from: 98, direction: 'backwards', limit: 20 });
    expect(page).toEqual(events.slice(79, 99).reverse());
    expect(reads).toHaveLength(1);
  });

  it('are read again where the stream has grown since', async () => {
    const { store, events, reads } = aStore(5);
    const ahead = new NewestEvents(store, STREAM, 20);
    const grown = { ...(events[4] as RecordedEvent), revision: 5, position: 105n };
    await Promise.resolve();
    events.push(grown);
    const page = await ahead.readStream(STREAM, { from: 5, direction: 'backwards', limit: 2 });
    expect(page).toEqual([grown, events[4]]);
    expect(reads).toHaveLength(2);
  });

  it('that could not be read are asked for again, and that answer counts', async () => {
    const failing = { readStream: () => Promise.reject(new Error('the store is away')) };
    const ahead = new NewestEvents(failing, STREAM, 20);
    const range = { from: 5, direction: 'backwards', limit: 2 } as const;
    await expect(ahead.readStream(STREAM, range)).rejects.toThrow('the store is away');
  });
});
