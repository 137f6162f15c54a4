// What a person reads of an audit.
import type { AuditFinding, AuditReport } from '@deltabook/application';

/** Exit code of an audit that found what is not as it should be. */
export const EXIT_FINDINGS = 3;

/** One line for each finding, then what was looked at. */
export function reportLines(report: AuditReport): readonly string[] {
  const { customers, deltas, seals, position, findingCount, findings } = report;
  const lines = findings.map(findingLine);
  const unlisted = findingCount - findings.length;
  if (unlisted > 0) lines.push(`… and ${unlisted} more`);
  if (!report.rowsCompared) lines.push('no rows are served yet: the log alone was looked at');
  const found = findingCount === 0 ? 'nothing differs' : `${findingCount} findings`;
  const seen = `${customers} customers, ${deltas} deltas, ${seals} seals`;
  return [...lines, `${seen} through position ${position}: ${found}`];
}

function findingLine({ code, customer, sequence, what }: AuditFinding): string {
  if (!customer) return `${code}: ${what}`;
  const { tenant, environment, customerId, reference } = customer;
  const named = customerId === undefined ? '' : `${tenant}/${environment} ${customerId} `;
  return `${code}: ${named}(${reference}), sequence ${sequence ?? 0}: ${what}`;
}
