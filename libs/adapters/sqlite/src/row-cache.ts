// Rows that the projector has read or written lately, so that a busy customer is not read again for
// each batch. Two generations of at most half the bound each.
import type { CustomerRow } from '@deltabook/application';
import type { CustomerTable, NumberedRow } from './customer-table';

export class RowCache {
  private current = new Map<string, NumberedRow>();
  private previous = new Map<string, NumberedRow>();

  constructor(
    private readonly customers: Pick<CustomerTable, 'get'>,
    private readonly rowsMax: number,
  ) {}

  /**
   * The row of a customer by 40 lower-case hex of its reference; read from the table if need be.
   */
  row(referenceHex: string): CustomerRow | undefined {
    return this.find(referenceHex)?.row;
  }

  /** Number of the customer; undefined when it has no row yet. */
  no(referenceHex: string): number | undefined {
    return this.find(referenceHex)?.no;
  }

  put(numbered: NumberedRow): void {
    this.remember(numbered.row.reference.slice(2).toLowerCase(), numbered);
  }

  private find(referenceHex: string): NumberedRow | undefined {
    const cached = this.current.get(referenceHex);
    if (cached) return cached;
    const found = this.previous.get(referenceHex) ?? this.customers.get(`0x${referenceHex}`);
    if (found) this.remember(referenceHex, found);
    return found;
  }

  private remember(referenceHex: string, numbered: NumberedRow): void {
    if (this.current.size >= this.rowsMax / 2) {
      this.previous = this.current;
      this.current = new Map();
    }
    this.current.set(referenceHex, numbered);
  }
}
