// What a search remembers: enough to look only at what is new, and never more than the bound.
import { CustomerSearch } from './customer-search';
import { CustomerColumns } from './customer-columns';

const MATCHES_CACHED_MAX = 4;
const ALL_CACHED = 100;

/** Customers by number from 1 on, and a search among them. */
function searchAmong(
  customerIds: readonly string[],
  matchesCachedMax = MATCHES_CACHED_MAX,
): {
  readonly columns: CustomerColumns;
  readonly search: CustomerSearch;
  readonly nos: number[];
} {
  const columns = new CustomerColumns();
  const nos = customerIds.map((customerId, i) => {
    columns.name(i + 1, `0x${i + 1}`, customerId);
    return i + 1;
  });
  return { columns, search: new CustomerSearch(columns, matchesCachedMax), nos };
}

it('a text that everyone matched, until somebody came who does not', () => {
  const { columns, search, nos } = searchAmong(['cust_1', 'cust_2']);
  expect(search.matches('cust_', nos)).toEqual([1, 2]);
  columns.name(3, '0x3', 'org_1');
  columns.name(4, '0x4', 'cust_3');
  expect(search.matches('cust_', [...nos, 3, 4])).toEqual([1, 2, 4]);
});

it('looks at new customers alone, and at all again once it had to forget', () => {
  const { columns, search, nos } = searchAmong(['a1', 'a2', 'b1', 'b2']);
  const looks = jest.spyOn(columns.sieve, 'candidates');
  const from = (text: string): unknown => {
    search.matches(text, nos);
    return looks.mock.lastCall?.[1];
  };
  expect(['1', '1'].map(from)).toEqual([0, 4]);
  // Each is two matches and itself, so that two are more than the bound.
  expect(['2', '2', '1'].map(from)).toEqual([0, 4, 0]);
});

it('a search that finds nothing counts once, however often it is repeated', () => {
  const { columns, search, nos } = searchAmong(['a1', 'b1']);
  const looks = jest.spyOn(columns.sieve, 'candidates');
  search.matches('a', nos);
  for (let i = 0; i < 10; i += 1) search.matches('none', nos);
  search.matches('a', nos);
  expect(looks.mock.lastCall?.[1]).toBe(2);
});

it('looks at what the narrowest part found that it remembers, and at who came later', () => {
  const { columns, search, nos } = searchAmong(['ab1', 'b2', 'b3', 'c1'], ALL_CACHED);
  const looks = jest.spyOn(columns.sieve, 'candidates');
  const lookedAt = (text: string, among: readonly number[]): unknown => {
    looks.mockClear();
    const matches = search.matches(text, among);
    return [matches, ...looks.mock.calls.map(([candidates, from]) => candidates.slice(from))];
  };
  expect(lookedAt('b', nos)).toEqual([[1, 2, 3], nos]);
  expect(lookedAt('c', nos)).toEqual([[4], nos]);
  // None of what was searched is a part of it.
  expect(lookedAt('a1', nos)).toEqual([[], nos]);
  columns.name(5, '0x5', 'xb3');
  expect(lookedAt('b3', [...nos, 5])).toEqual([[3, 5], [5], [1, 2, 3]]);
});
