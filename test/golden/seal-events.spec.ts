// Every stored version of the events of seal logs, as it was first written; see events.spec.ts.
import {
  parseSealEvent,
  sealEventText,
  sealScopeOfStream,
  sealStream,
  UnreadableEventError,
} from '@deltabook/domain';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(process.cwd(), 'test/golden/events/seals-v1.json');
const stored = JSON.parse(readFileSync(file, 'utf8')) as readonly { type: string; data: string }[];

it('holds every type', () => {
  expect(stored.map(({ type }) => type)).toEqual(['DeltasVerified', 'LogHeadSigned']);
});

it.each(stored)('$type v1 reads and is written the same', ({ type, data }) => {
  expect(sealEventText(parseSealEvent(type, data))).toBe(data);
});

it.each([
  ['DeltasVerified', '{"v":2}'],
  ['LogHeadSigned', '{}'],
  ['SomethingNewer', '{"v":1}'],
])('%s %s stops whoever reads it', (type, data) => {
  expect(() => parseSealEvent(type, data)).toThrow(UnreadableEventError);
});

it('a stream says whose seal log it is, also of a tenant with dashes', () => {
  const scope = { tenant: 'a-b.c-production', environment: 'sandbox' } as const;
  expect(sealScopeOfStream(sealStream(scope))).toEqual(scope);
  expect(sealScopeOfStream('seals-x-staging')).toBeUndefined();
  expect(sealScopeOfStream('tenant-x-sandbox')).toBeUndefined();
});
