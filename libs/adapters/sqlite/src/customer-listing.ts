// Every customer that lists can show, by scope; fed with changed rows and bounded in number.
import type { CustomerPageRequest, ScopeTotals } from '@deltabook/application/threads';
import { CustomerColumns } from './customer-columns';
import { CustomerScope } from './customer-scope';
import { EMPTY_PAGE, listedPage, type ListedPage } from './listed-page';
import { CHANGE, CHANGE_NUMBERS, type OpenedCustomer, type RowChanges } from './row-changes';

const NOTHING: ScopeTotals = {
  customers: 0,
  deltas: 0,
  verifiedDeltas: 0,
  balanceNano: 0n,
  fenced: 0,
  firstActivity: null,
  lastActivity: null,
};

/** There are more customers than lists may hold in memory. */
export class TooManyCustomersError extends Error {
  readonly code = 'TOO_MANY_CUSTOMERS_TO_LIST';
  constructor(customersListedMax: number) {
    super(`lists hold at most ${customersListedMax} customers; raise CUSTOMERS_LISTED_MAX`);
  }
}

export interface ListingBounds {
  readonly customersListedMax: number;
  /** Customer numbers that past searches may keep, for each scope. */
  readonly searchMatchesCachedMax: number;
}

export class CustomerListing {
  private readonly columns = new CustomerColumns();
  private readonly scopes = new Map<string, CustomerScope>();
  private readonly scopeOf: (CustomerScope | undefined)[] = [];
  private isOverfull = false;

  constructor(private readonly bounds: ListingBounds) {}

  /** Takes changed rows in; the same rows may come again, and the last ones count. */
  apply(changes: RowChanges): void {
    for (const customer of changes.opened) this.open(customer);
    for (let i = 0; i * CHANGE_NUMBERS < changes.numbers.length; i += 1) this.change(changes, i);
  }

  private open({ no, reference, customerId, tenant, environment }: OpenedCustomer): void {
    if (this.columns.has(no)) return;
    if (no > this.bounds.customersListedMax) {
      this.isOverfull = true;
      return;
    }
    this.columns.name(no, reference, customerId);
    const scope = this.scopeNamed(`${tenant}\0${environment}`);
    while (this.scopeOf.length <= no) this.scopeOf.push(undefined);
    this.scopeOf[no] = scope;
    scope.add(no);
  }

  private change(changes: RowChanges, i: number): void {
    const no = changes.numbers[i * CHANGE_NUMBERS + CHANGE.no] ?? 0;
    const scope = this.scopeOf[no];
    if (!scope) return;
    scope.subtract(no);
    this.columns.set(no, changes, i);
    scope.include(no);
  }

  /** Throws TooManyCustomersError. */
  page(request: CustomerPageRequest): ListedPage {
    this.assertComplete();
    const scope = this.scopes.get(`${request.tenant}\0${request.environment}`);
    if (!scope) return EMPTY_PAGE;
    const { nos, total } = scope.page(request);
    return listedPage(this.columns, nos, total);
  }

  /** Throws TooManyCustomersError. */
  totals(tenant: string, environment: string): ScopeTotals {
    this.assertComplete();
    return this.scopes.get(`${tenant}\0${environment}`)?.totals() ?? NOTHING;
  }

  private assertComplete(): void {
    if (this.isOverfull) throw new TooManyCustomersError(this.bounds.customersListedMax);
  }

  private scopeNamed(name: string): CustomerScope {
    const known = this.scopes.get(name);
    if (known) return known;
    const scope = new CustomerScope(this.columns, this.bounds.searchMatchesCachedMax);
    this.scopes.set(name, scope);
    return scope;
  }
}
