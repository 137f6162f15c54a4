import * as fc from 'fast-check';
import { formatNano, NANO_PER_UNIT, nanoOf, parseBalance, parseDelta } from './amount';

const nano = (value: unknown): bigint | string => {
  const parsed = parseDelta(value);
  return parsed.ok ? parsed.nano : parsed.problem;
};

describe('a delta', () => {
  it.each<[unknown, bigint]>([
    [500, 500n * NANO_PER_UNIT],
    [-42.5, -42_500_000_000n],
    [0.1, 100_000_000n],
    [1e-9, 1n],
    [-1e9, -1_000_000_000n * NANO_PER_UNIT],
    ['0.000000001', 1n],
    ['-1000000000', -1_000_000_000n * NANO_PER_UNIT],
    ['700.00', 700n * NANO_PER_UNIT],
    ['999999999.999999999', 999_999_999_999_999_999n],
    [123456.789012345, 123_456_789_012_345n],
  ])('%p is exact', (value, expected) => {
    expect(nano(value)).toBe(expected);
  });

  it.each<[unknown, string]>([
    [0, 'zero'],
    [-0, 'zero'],
    ['0.000', 'zero'],
    [NaN, 'not-a-decimal'],
    [Infinity, 'not-a-decimal'],
    [1e10, 'too-large'],
    ['1000000000.000000001', 'too-large'],
    [1.5e300, 'too-large'],
    [0.1234567891, 'too-many-fraction-digits'],
    ['0.0000000001', 'too-many-fraction-digits'],
    [1e-10, 'too-many-fraction-digits'],
    [1234567.8901234567, 'inexact-number'],
    [0.1 + 0.2, 'inexact-number'],
    ['١', 'not-a-decimal'],
    ['1e3', 'not-a-decimal'],
    ['+1', 'not-a-decimal'],
    ['01', 'not-a-decimal'],
    ['.5', 'not-a-decimal'],
    ['5.', 'not-a-decimal'],
    [' 5', 'not-a-decimal'],
    ['', 'not-a-decimal'],
    ['9'.repeat(65), 'too-large'],
    [null, 'not-a-decimal'],
    [true, 'not-a-decimal'],
    [[1], 'not-a-decimal'],
  ])('%p is refused as %s', (value, problem) => {
    expect(nano(value)).toBe(problem);
  });

  it('as a number and as its text is the same amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 999 }), (a, b) => {
        const text = `${a}.${String(b).padStart(3, '0')}`;
        fc.pre(Number(text) !== 0 && Math.abs(Number(text)) <= 1e9 && !text.startsWith('0-'));
        expect(nano(Number(text))).toBe(nano(text));
      }),
    );
  });
});

describe('a balance', () => {
  it('may be zero and has up to 38 digits of nano units', () => {
    expect(parseBalance('0')).toEqual({ ok: true, nano: 0n });
    expect(parseBalance('9'.repeat(29))).toEqual({
      ok: true,
      nano: BigInt('9'.repeat(29)) * NANO_PER_UNIT,
    });
    expect(parseBalance('9'.repeat(30))).toEqual({ ok: false, problem: 'too-large' });
  });
});

describe('the decimal text of nano units', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000000001'],
    [-500_000_000n, '-0.5'],
    [24_500n * NANO_PER_UNIT, '24500'],
    [-123_450_000_000n, '-123.45'],
  ])('of %p is %s', (value, text) => {
    expect(formatNano(value)).toBe(text);
  });

  it('reads back as the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), (value) => {
        expect(nanoOf(formatNano(value))).toBe(value);
      }),
    );
  });
});
