// Findings that the continuous check found: each is logged when it is first met, and forgotten
// once a whole round has not met it again.
import type { AuditFinding } from '@deltabook/application';
import type { Logger } from 'pino';

export class KnownFindings {
  private before = new Set<string>();
  private current = new Set<string>();
  private lastCount = 0;

  constructor(private readonly logger: Pick<Logger, 'error'>) {}

  /** Findings of the last whole round, or of this one where it has met more already. */
  get count(): number {
    return Math.max(this.lastCount, this.current.size);
  }

  add(finding: AuditFinding): void {
    const { code, customer, sequence, what } = finding;
    const key = `${code} ${customer?.reference ?? ''} ${what}`;
    const isKnown = this.before.has(key) || this.current.has(key);
    this.current.add(key);
    if (isKnown) return;
    this.logger.error(
      { code, ...customer, sequence, what },
      'audit: the log leads to something else',
    );
  }

  /** `findingCount`: of the round, also those that were not told one by one. */
  endRound(findingCount: number): void {
    this.lastCount = findingCount;
    this.before = this.current;
    this.current = new Set();
  }
}
