import * as fc from 'fast-check';
import { leafText, type Leaf } from './leaf';
import { isTimeText, parseLeaf } from './read-leaf';

const LEAF: Leaf = {
  v: 1,
  reference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  sequence: '2',
  delta: '-0.5',
  balance: '10',
  recordedAt: '2026-01-01T00:00:00.000Z',
  occurredAt: '',
  contentHash: `0x${'a'.repeat(64)}`,
  previousProofHash: `0x${'0'.repeat(64)}`,
};

it('reads the text of a leaf', () => {
  expect(parseLeaf(leafText(LEAF))).toEqual({ ok: true, value: LEAF });
  const occurred = { ...LEAF, occurredAt: '2024-02-29T23:59:59.999Z' };
  expect(parseLeaf(leafText(occurred))).toEqual({ ok: true, value: occurred });
});

it.each([
  ['reference', '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d35'],
  ['sequence', '0'],
  ['sequence', '01'],
  ['sequence', '9007199254740992'],
  ['delta', '0'],
  ['delta', '-0'],
  ['delta', '1.0'],
  ['delta', '1.0000000001'],
  ['delta', '1e3'],
  ['delta', '+1'],
  ['balance', '01'],
  ['balance', ''],
  ['recordedAt', ''],
  ['recordedAt', '2026-01-01T00:00:00Z'],
  ['occurredAt', '2026-01-01'],
  ['contentHash', `0x${'A'.repeat(64)}`],
  ['previousProofHash', ''],
])('refuses a leaf whose %s is %j', (member, value) => {
  const read = parseLeaf(leafText({ ...LEAF, [member]: value }));
  expect(read).toMatchObject({ ok: false, problem: expect.stringContaining(member) as string });
});

it('refuses other members and other spellings of a leaf', () => {
  const text = leafText(LEAF);
  for (const other of [
    '',
    'null',
    '[]',
    ` ${text}`,
    text.replace('{', '{"a":1,'),
    text.replace('"v":1', '"v":1.0'),
    text.replace('"v":1', '"v":2'),
    text.replace('"sequence":"2"', '"sequence":2'),
    text.replace('"delta":"-0.5"', '"delta":"\\u002d0.5"'),
    text.replace('"balance":"10",', '"balance":"9","balance":"10",'),
  ]) {
    expect(parseLeaf(other).ok).toBe(false);
  }
});

it('takes exactly the times that exist', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      const text = date.toISOString();
      expect(isTimeText(text)).toBe(/^[0-9]{4}-/.test(text));
    }),
  );
  const days = (year: number, month: number): number[] =>
    Array.from({ length: 32 }, (_, day) => day).filter((day) => {
      const [month2, day2] = [month, day].map((part) => String(part).padStart(2, '0'));
      return isTimeText(`${year}-${month2 ?? ''}-${day2 ?? ''}T00:00:00.000Z`);
    });
  for (const year of [1900, 2000, 2023, 2024]) {
    for (let month = 1; month <= 12; month += 1) {
      const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
      expect(days(year, month)).toEqual(Array.from({ length: last }, (_, at) => at + 1));
    }
    expect([...days(year, 0), ...days(year, 13)]).toEqual([]);
  }
});

it.each(['2026-01-01T24:00:00.000Z', '2026-01-01T00:60:00.000Z', '2026-01-01T00:00:60.000Z'])(
  '%s is no time',
  (text) => {
    expect(isTimeText(text)).toBe(false);
  },
);
