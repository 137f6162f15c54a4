import { createHash } from 'node:crypto';
import { eventId } from './event-id';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the id of an event', () => {
  const event = { stream: 'customer-a', revision: 1, type: 'T', data: '{"v":1}', metadata: '{}' };

  it('is the first half of the hash of everything stored, as a UUID', () => {
    const hex = sha256Hex('customer-a\x001\0T\0{"v":1}\0{}');
    const id = eventId(event, sha256Hex);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(id.replaceAll('-', '')).toBe(hex.slice(0, 32));
  });

  it('changes with every part', () => {
    const others = [
      { ...event, stream: 'customer-b' },
      { ...event, revision: 2 },
      { ...event, type: 'U' },
      { ...event, data: '{"v":2}' },
      { ...event, metadata: '{"a":1}' },
    ];
    const ids = [event, ...others].map((other) => eventId(other, sha256Hex));
    expect(new Set(ids).size).toBe(6);
  });
});
