// What lists are sorted, searched and totalled by, in memory of the query thread: one array for
// each column, indexed by the customer's number, since a list over all rows of the table would take
// too long.
import { CHANGE, CHANGE_NUMBERS, type RowChanges } from './row-changes';
import { TextSieve } from './text-sieve';

export class CustomerColumns {
  readonly references: string[] = [''];
  readonly customerIds: string[] = [''];
  /** Of the customerIds. */
  readonly sieve = new TextSieve();
  /** Numbers of the last change of each customer, CHANGE_NUMBERS of them for each. */
  private numbers = new Float64Array(CHANGE_NUMBERS * 1024);

  /** Greatest customer number that has a place. */
  get lastNo(): number {
    return this.references.length - 1;
  }

  has(no: number): boolean {
    return (this.references[no] ?? '') !== '';
  }

  name(no: number, reference: string, customerId: string): void {
    while (this.references.length <= no) {
      this.references.push('');
      this.customerIds.push('');
    }
    this.references[no] = reference;
    this.customerIds[no] = customerId;
    this.sieve.set(no, customerId);
    if ((no + 1) * CHANGE_NUMBERS <= this.numbers.length) return;
    const longer = new Float64Array((no + 1) * CHANGE_NUMBERS * 2);
    longer.set(this.numbers);
    this.numbers = longer;
  }

  /** Takes over the i-th change for customer `no`, which has a name. */
  set(no: number, changes: RowChanges, i: number): void {
    const from = i * CHANGE_NUMBERS;
    const change = changes.numbers.subarray(from, from + CHANGE_NUMBERS);
    this.numbers.set(change, no * CHANGE_NUMBERS);
  }

  /** All numbers of a customer, not to be kept: they change in place. */
  numbersOf(no: number): Float64Array {
    return this.numbers.subarray(no * CHANGE_NUMBERS, (no + 1) * CHANGE_NUMBERS);
  }

  number(no: number, column: number): number {
    return this.numbers[no * CHANGE_NUMBERS + column] ?? 0;
  }

  compareNumber(a: number, b: number, column: number): number {
    return this.number(a, column) - this.number(b, column);
  }

  compareCustomerId(a: number, b: number): number {
    const [first, second] = [this.customerIds[a] ?? '', this.customerIds[b] ?? ''];
    if (first === second) return 0;
    return first < second ? -1 : 1;
  }

  /** Exact: three numbers that hold a balance of 38 digits. */
  compareBalance(a: number, b: number): number {
    return (
      this.compareNumber(a, b, CHANGE.balanceHigh) ||
      this.compareNumber(a, b, CHANGE.balanceMiddle) ||
      this.compareNumber(a, b, CHANGE.balanceLow)
    );
  }
}
