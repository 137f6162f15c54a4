// Rows that the projector has read or written lately, so that a busy customer is not read again for
// each batch. Two generations of at most half the bound each.
import type { CustomerRow } from '@deltabook/application/threads';
import { customerStream, referenceHexOfStream } from '@deltabook/domain';
import type { CustomerTable, NumberedRow } from './customer-table';

export class RowCache {
  private current = new Map<string, NumberedRow>();
  private previous = new Map<string, NumberedRow>();

  constructor(
    private readonly customers: Pick<CustomerTable, 'get'>,
    private readonly rowsMax: number,
  ) {}

  /** The row of a customer by the name of its stream; read from the table if need be. */
  row(stream: string): CustomerRow | undefined {
    return this.find(stream)?.row;
  }

  /** Number of the customer; undefined when it has no row yet. */
  no(stream: string): number | undefined {
    return this.find(stream)?.no;
  }

  put(numbered: NumberedRow): void {
    this.remember(customerStream(numbered.row.reference), numbered);
  }

  private find(stream: string): NumberedRow | undefined {
    const cached = this.current.get(stream);
    if (cached) return cached;
    const found = this.previous.get(stream) ?? this.read(stream);
    if (found) this.remember(stream, found);
    return found;
  }

  private read(stream: string): NumberedRow | undefined {
    return this.customers.get(`0x${referenceHexOfStream(stream) ?? ''}`);
  }

  private remember(stream: string, numbered: NumberedRow): void {
    if (this.current.size >= this.rowsMax / 2) {
      this.previous = this.current;
      this.current = new Map();
    }
    this.current.set(stream, numbered);
  }
}
