import * as fc from 'fast-check';
import { canonicalJson, type Json } from './canonical-json';

function doubleOf(ieeeHex: string): number {
  return Buffer.from(ieeeHex, 'hex').readDoubleBE();
}

// RFC 8785 appendix B.
it.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
])('the double %s is written %s', (ieeeHex, text) => {
  expect(canonicalJson(doubleOf(ieeeHex))).toBe(text);
});

it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])(
  'the double %s has no text',
  (ieeeHex) => {
    expect(() => canonicalJson(doubleOf(ieeeHex))).toThrow(RangeError);
  },
);

// RFC 8785 section 3.2.3.
it('sorts members by UTF-16 code units', () => {
  const text = canonicalJson({
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  });
  expect(Object.values(JSON.parse(text) as object)).toHaveLength(7);
  expect([...text.matchAll(/:"([A-Z][a-z]+)/g)].map((match) => match[1])).toEqual([
    'Carriage',
    'One',
    'Control',
    'Latin',
    'Euro',
    'Emoji',
    'Hebrew',
  ]);
});

// RFC 8785 section 3.2.2.
it('writes numbers, strings and literals as the RFC shows', () => {
  const value = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",' +
      '"literals":[null,true,false]}',
  ) as Json;
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

it('refuses lone surrogates in values and names', () => {
  expect(() => canonicalJson('\ud800')).toThrow(RangeError);
  expect(() => canonicalJson({ '\udc00': 1 })).toThrow(RangeError);
});

it('leaves undefined members out and keeps a member named __proto__', () => {
  const value = JSON.parse('{"__proto__":{"a":1},"b":2}') as { [key: string]: Json };
  expect(canonicalJson(value)).toBe('{"__proto__":{"a":1},"b":2}');
  expect(canonicalJson({ a: undefined } as unknown as Json)).toBe('{}');
});

it('is the same text for the same value, however it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      fc.pre(JSON.stringify(value).isWellFormed() && !JSON.stringify(value).includes('\\ud'));
      const text = canonicalJson(value as Json);
      const indented = JSON.parse(JSON.stringify(value, null, 2)) as Json;
      expect(canonicalJson(indented)).toBe(text);
      expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
    }),
  );
});
