// The sieve may let a text through that does not match, and never holds one back that does.
import * as fc from 'fast-check';
import { TextSieve } from './text-sieve';

it('lets every text through that contains the one searched for, whatever its number', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(text, text, text, fc.nat(5_000), (before, search, after, no) => {
      const sieve = new TextSieve();
      sieve.set(no, `${before}${search}${after}`);
      expect(sieve.candidates([no], 0, TextSieve.of(search))).toEqual([no]);
    }),
  );
});

it('holds most of the others back', () => {
  const sieve = new TextSieve();
  for (let no = 0; no < 10_000; no += 1) sieve.set(no, `cust_${no}`);
  const nos = Array.from({ length: 10_000 }, (_, no) => no);
  const passed = (search: string): number => sieve.candidates(nos, 0, TextSieve.of(search)).length;
  expect(passed('1234')).toBeGreaterThan(0);
  expect(passed('1234')).toBeLessThan(1_000);
  expect(passed('nobody')).toBeLessThan(100);
  expect(passed('t')).toBe(10_000);
  expect(sieve.candidates(nos, 9_998, TextSieve.of('t'))).toEqual([9_998, 9_999]);
});
