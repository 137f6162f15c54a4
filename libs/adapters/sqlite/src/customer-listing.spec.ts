// Lists from memory: whatever changes and however it arrives, they show what sorting all rows
// would.
import type {
  CustomerPageRequest,
  CustomerRow,
  CustomerSort,
  ListedCustomer,
} from '@deltabook/application/threads';
import { checkpointId, recordIdPrefix } from '@deltabook/domain';
import * as fc from 'fast-check';
import { CustomerListing, TooManyCustomersError } from './customer-listing';
import type { NumberedRow } from './customer-table';
import { customerPage } from './listed-page';
import { balanceOf, CHANGE, rowChanges } from './row-changes';

const BOUNDS = { customersListedMax: 1_000, searchMatchesCachedMax: 20 };
const SORTS: readonly CustomerSort[] = [
  'firstAppearance',
  'customerId',
  'balance',
  'totalDeltas',
  'lastActivity',
];
/** Some as they are typed, letter by letter; one that everyone but a few matches. */
const SEARCHES = ['', 'a', 'a1', 'a13', 'b', 'b.', 'b.a', 'b.a1', '.a', '_', '%', 'z:', '1', 'q'];
const IDS = ['a', 'B', 'b.a', 'a_b', 'ab', 'c', 'C', 'z:1', 'z:2', 'aa', 'ba', 'q'] as const;

const rowOf = (no: number, change: Partial<CustomerRow>): NumberedRow => ({
  no,
  row: {
    reference: `0x${String(no).padStart(40, '0')}`,
    tenant: 'default',
    environment: no % 5 === 0 ? 'production' : 'sandbox',
    customerId: `${IDS[no % IDS.length]}${no > IDS.length ? no : ''}`,
    revision: 1,
    totalDeltas: 1,
    balanceNano: 0n,
    lastReceiptId: '0x',
    lastRecordedAt: 0,
    firstActivity: 0,
    lastActivity: 0,
    latestCheckpoint: null,
    fenced: false,
    fencedFromSequence: null,
    verifiedDeltas: 0,
    sealedAt: null,
    sealedRoot: null,
    ...change,
  },
});

const pageOf = (change: Partial<CustomerPageRequest>): CustomerPageRequest => ({
  tenant: 'default',
  environment: 'sandbox',
  search: '',
  sortBy: 'firstAppearance',
  sortOrder: 'asc',
  page: 1,
  limit: 10,
  ...change,
});

const order = (a: bigint | number | string, b: typeof a): number => (a < b ? -1 : Number(a > b));
const COMPARE: Record<CustomerSort, (a: CustomerRow, b: CustomerRow) => number> = {
  firstAppearance: () => 0,
  customerId: (a, b) => order(a.customerId, b.customerId),
  balance: (a, b) => order(a.balanceNano, b.balanceNano),
  totalDeltas: (a, b) => order(a.totalDeltas, b.totalDeltas),
  lastActivity: (a, b) => order(a.lastActivity ?? -Infinity, b.lastActivity ?? -Infinity),
};

/** A row with a change's values; a new customer gets the number after the last one. */
function changedRow({ no: wanted, checkpointRevision, ...values }: Change, lastNo: number) {
  const no = Math.min(wanted, lastNo + 1);
  const { reference } = rowOf(no, {}).row;
  const latestCheckpoint =
    checkpointRevision === null
      ? null
      : checkpointId(recordIdPrefix(reference), checkpointRevision);
  return rowOf(no, { ...values, latestCheckpoint, firstActivity: values.lastActivity });
}

/** What lists show of a row. */
function shown(row: CustomerRow): ListedCustomer {
  const { reference, customerId, totalDeltas, balanceNano, latestCheckpoint } = row;
  const { firstActivity, lastActivity, fenced, verifiedDeltas } = row;
  const sums = { totalDeltas, balanceNano, verifiedDeltas };
  return {
    ...{ reference, customerId, ...sums, latestCheckpoint, firstActivity, lastActivity, fenced },
  };
}

/** The same page by sorting all rows. */
function expectedPage(rows: ReadonlyMap<number, NumberedRow>, request: CustomerPageRequest) {
  const { search, sortBy, sortOrder, page, limit } = request;
  const matching = [...rows.values()].filter(
    ({ row }) => row.environment === request.environment && row.customerId.includes(search),
  );
  matching.sort((a, b) => COMPARE[sortBy](a.row, b.row) || a.no - b.no);
  if (sortOrder === 'desc') matching.reverse();
  const customers = matching.slice((page - 1) * limit, page * limit).map(({ row }) => shown(row));
  return { customers, total: matching.length };
}

interface Change extends Pick<
  CustomerRow,
  'balanceNano' | 'totalDeltas' | 'lastActivity' | 'fenced'
> {
  readonly no: number;
  readonly checkpointRevision: number | null;
}

const balance = fc.oneof(
  fc.bigInt(-3n, 3n),
  fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n),
  fc.constantFrom(2n ** 45n, 2n ** 45n - 1n, -(2n ** 45n), 2n ** 90n, -(2n ** 90n) - 1n),
);
const change = fc.record({
  no: fc.integer({ min: 1, max: 40 }),
  balanceNano: balance,
  totalDeltas: fc.nat(5),
  lastActivity: fc.oneof(fc.constant(null), fc.integer({ min: -5, max: 5 })),
  fenced: fc.boolean(),
  checkpointRevision: fc.option(fc.nat(2 ** 40 - 1)),
});
const request = fc.record({
  sortBy: fc.constantFrom(...SORTS),
  sortOrder: fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
  search: fc.constantFrom(...SEARCHES),
  environment: fc.constantFrom<'sandbox' | 'production'>('sandbox', 'production'),
  page: fc.integer({ min: 1, max: 4 }),
  limit: fc.integer({ min: 1, max: 12 }),
});

it('a page is what sorting all rows gives, after any changes in any order of arrival', () => {
  const step = fc.record({ changes: fc.array(change, { maxLength: 12 }), request });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const listing = new CustomerListing(BOUNDS);
      const rows = new Map<number, NumberedRow>();
      for (const { changes, request: asked } of steps) {
        const changed = changes.map((values) => changedRow(values, rows.size));
        for (const numbered of changed) {
          const isNew = !rows.has(numbered.no);
          rows.set(numbered.no, numbered);
          listing.apply(rowChanges([numbered], () => isNew));
        }
        const page = pageOf(asked);
        expect(customerPage(listing.page(page))).toEqual(expectedPage(rows, page));
      }
    }),
    { numRuns: 300 },
  );
});

it('a page of one search shows nothing of the search before', () => {
  const listing = new CustomerListing(BOUNDS);
  const numbered = Array.from({ length: 60 }, (_, i) =>
    rowOf(i + 1, { customerId: `${i % 2 ? 'odd' : 'even'}_${i}`, environment: 'sandbox' }),
  );
  listing.apply(rowChanges(numbered, () => true));
  for (const search of ['odd', 'even', 'odd']) {
    // So many match that everyone is walked in order.
    const { customerIds } = listing.page(pageOf({ search, sortBy: 'balance' }));
    expect(customerIds).toHaveLength(10);
    expect(customerIds.filter((id) => !id.startsWith(search))).toEqual([]);
  }
});

it('rows read from the table and the same rows as changes come to one', () => {
  const numbered = [3, 1, 4, 2].map((no) =>
    rowOf(no, { balanceNano: BigInt(no), totalDeltas: no }),
  );
  const listing = new CustomerListing(BOUNDS);
  listing.apply(rowChanges(numbered.slice(0, 2), () => true));
  listing.apply(rowChanges(numbered.slice(1), () => true));
  const { references } = listing.page(pageOf({}));
  expect(references.map((reference) => Number(reference.slice(2)))).toEqual([1, 2, 3, 4]);
  expect(listing.totals('default', 'sandbox')).toMatchObject({
    customers: 4,
    deltas: 10,
    balanceNano: 10n,
  });
});

it('totals are exact and follow every change', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 60 }), (changes) => {
      const listing = new CustomerListing(BOUNDS);
      const rows = new Map<number, NumberedRow>();
      for (const { no, balanceNano, totalDeltas, lastActivity, fenced } of changes) {
        const numbered = rowOf(no, { balanceNano, totalDeltas, lastActivity, fenced });
        listing.apply(rowChanges([numbered], () => !rows.has(no)));
        rows.set(no, numbered);
      }
      const sandbox = [...rows.values()].filter(({ row }) => row.environment === 'sandbox');
      const totals = listing.totals('default', 'sandbox');
      expect(totals.customers).toBe(sandbox.length);
      expect(totals.balanceNano).toBe(sandbox.reduce((sum, { row }) => sum + row.balanceNano, 0n));
      expect(totals.deltas).toBe(sandbox.reduce((sum, { row }) => sum + row.totalDeltas, 0));
      expect(totals.fenced).toBe(sandbox.filter(({ row }) => row.fenced).length);
    }),
  );
});

it('a balance of 38 digits travels unchanged', () => {
  fc.assert(
    fc.property(balance, (balanceNano) => {
      const { numbers } = rowChanges([rowOf(1, { balanceNano })], () => false);
      const [high = 0, middle = 0, low = 0] = [
        numbers[CHANGE.balanceHigh],
        numbers[CHANGE.balanceMiddle],
        numbers[CHANGE.balanceLow],
      ];
      expect(balanceOf(high, middle, low)).toBe(balanceNano);
    }),
  );
});

it('more customers than the bound are refused in words, not shown in part', () => {
  const listing = new CustomerListing({ ...BOUNDS, customersListedMax: 2 });
  listing.apply(
    rowChanges(
      [1, 2].map((no) => rowOf(no, {})),
      () => true,
    ),
  );
  expect(listing.page(pageOf({})).total).toBe(2);
  listing.apply(rowChanges([rowOf(3, {})], () => true));
  expect(() => listing.page(pageOf({}))).toThrow(TooManyCustomersError);
  expect(() => listing.totals('default', 'sandbox')).toThrow('raise CUSTOMERS_LISTED_MAX');
});
