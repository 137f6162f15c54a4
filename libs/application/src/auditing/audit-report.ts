// What an audit finds: in which place what is served or stored is not what the log leads to.
import type { Environment } from '@deltabook/domain';
import type { VerificationFailure } from '../ports/verification-store.port';

/**
 * - HISTORY_FAILS: stored events of a customer do not recompute, or are not those that were sealed.
 * - ROW_DIFFERS, ROW_MISSING, ROW_WITHOUT_HISTORY: what is served of a customer, its checkpoints
 *   included, is not what its history leads to.
 * - KEY_MISSING: the key index lacks the key of a delta, which would count again if it came again.
 * - RECEIPT_MISSING: the receipt index lacks a verified delta, whose receiptId it would not know.
 * - TILES_DIFFER: tiles do not lead to what was sealed of a customer, or to the signed head of a
 *   seal log.
 * - INDEX_DIFFERS: events of a customer lie elsewhere in the log than the stream index says.
 * - DIRECTORY_DIFFERS: what is served of tenants and keys is not what the log holds.
 * - SEAL_LOG_FAILS: stored seals do not follow one another, or lead to no head that was signed.
 */
export type AuditFindingCode =
  | 'HISTORY_FAILS'
  | 'ROW_DIFFERS'
  | 'ROW_MISSING'
  | 'ROW_WITHOUT_HISTORY'
  | 'KEY_MISSING'
  | 'RECEIPT_MISSING'
  | 'TILES_DIFFER'
  | 'INDEX_DIFFERS'
  | 'DIRECTORY_DIFFERS'
  | 'SEAL_LOG_FAILS';

/** Whose history an audit speaks of, as far as it is known. */
export interface AuditedIdentity {
  /** Customer reference; its hex digits are lower-case where the record's opening is lost. */
  readonly reference: string;
  readonly tenant?: string;
  readonly environment?: Environment;
  readonly customerId?: string;
}

export interface AuditFinding {
  readonly code: AuditFindingCode;
  /** Undefined for what concerns no single customer. */
  readonly customer?: AuditedIdentity;
  /** Sequence of the first delta that fails, or of the newest that a row speaks of. */
  readonly sequence?: number;
  /** One line: what was found, and what should be there. */
  readonly what: string;
}

/** What is wrong with a history itself. */
export function failingHistory(
  customer: AuditedIdentity,
  { fromSequence: sequence, problems }: VerificationFailure,
): AuditFinding {
  const why = problems.join(', ');
  const what = `the stored history fails from delta ${String(sequence)} on: ${why}`;
  return { code: 'HISTORY_FAILS', customer, sequence, what };
}

/** Texts and numbers alone: it travels as JSON. */
export interface AuditReport {
  /** Everything in the log up to here was recomputed. */
  readonly position: string;
  readonly customers: number;
  readonly deltas: number;
  readonly seals: number;
  /** False when there are no rows to compare with: the log alone was looked at. */
  readonly rowsCompared: boolean;
  readonly findingCount: number;
  /** The first of them. */
  readonly findings: readonly AuditFinding[];
}

/** Counts findings; up to a bound it gathers them and tells each as it is found. */
export class Findings {
  private readonly kept: AuditFinding[] = [];
  private foundCount = 0;

  constructor(
    private readonly keptMax: number,
    private readonly onFinding: (finding: AuditFinding) => void,
  ) {}

  get count(): number {
    return this.foundCount;
  }

  get first(): readonly AuditFinding[] {
    return this.kept;
  }

  add(finding: AuditFinding): void {
    this.foundCount += 1;
    if (this.kept.length >= this.keptMax) return;
    this.kept.push(finding);
    this.onFinding(finding);
  }
}
