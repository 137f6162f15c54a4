// Rows that the projector has read or written lately, so that a busy customer is not read again for
// each batch. Two generations of about half the bound each.
import { RowFold, type CustomerRow } from '@deltabook/application/threads';
import { referenceHexOfStream } from '@deltabook/domain';
import type { ChangedRow, CustomerTable } from './customer-table';

/** A row being folded, with its number. */
export class NumberedFold extends RowFold implements ChangedRow {
  constructor(
    readonly no: number,
    row: CustomerRow,
    isNew = false,
  ) {
    super(row, isNew);
  }
}

export class RowCache {
  private current = new Map<string, NumberedFold>();
  private previous = new Map<string, NumberedFold>();

  constructor(
    private readonly customers: Pick<CustomerTable, 'get'>,
    private readonly rowsMax: number,
  ) {}

  /** The row of a customer by the name of its stream; read from the table if need be. */
  find(stream: string): NumberedFold | undefined {
    const cached = this.current.get(stream);
    if (cached) return cached;
    const found = this.previous.get(stream) ?? this.read(stream);
    if (found) this.current.set(stream, found);
    return found;
  }

  /** Takes in a row that is not in the table yet. */
  add(stream: string, fold: NumberedFold): NumberedFold {
    this.current.set(stream, fold);
    return fold;
  }

  /** Forgets rows beyond the bound; only what is in the table as it is here may be forgotten. */
  trim(): void {
    if (this.current.size <= this.rowsMax / 2) return;
    this.previous = this.current;
    this.current = new Map();
  }

  private read(stream: string): NumberedFold | undefined {
    const found = this.customers.get(`0x${referenceHexOfStream(stream) ?? ''}`);
    return found && new NumberedFold(found.no, found.row);
  }
}
