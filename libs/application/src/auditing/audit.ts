// The audit: recomputes customers' histories from the log into rows of its own, some of them at a
// time, and compares these with the rows that are served, at the very position that those are of.
// Nothing is stopped for it.
import { LOG_START } from '../ports/event-store.port';
import type { AuditParts } from './audit-parts';
import { Findings, type AuditReport } from './audit-report';
import type { AuditedState } from './audited-state';
import { PartAudit, type PartAuditParts } from './part-audit';

const HEX_DIGITS = [...'0123456789abcdef'];
const NOTHING = (): void => undefined;

/** Audits everyone. Throws what the log or the rows throw, and when the signal aborts. */
export async function auditAll(parts: AuditParts): Promise<AuditReport> {
  const findings = new Findings(parts.findingsMax, parts.onFinding);
  const head = await parts.log.head();
  const prefixes = prefixesFor((parts.rows?.count() ?? 0) / parts.customersMax);
  const counts = { customers: 0, deltas: 0, seals: 0 };
  for (const [index, prefix] of prefixes.entries()) {
    const onShare = (share: number): void => parts.onProgress((index + share) / prefixes.length);
    const withInstallation = index === 0;
    const part = new PartAudit({ ...parts, findings, prefix, withInstallation, head, onShare });
    await part.run();
    const { customers, deltas, seals } = part.counts;
    counts.customers += customers;
    counts.deltas += deltas;
    counts.seals = seals;
    if (part.doubted.size === 0) continue;
    const again = await auditNamed(part.doubted, parts, { findings, head, prefix });
    counts.customers += again.counts.customers;
    counts.deltas += again.counts.deltas;
  }
  parts.remembered.endRound();
  return reportOf(parts, findings, { head, ...counts });
}

/** From the start, those whose events are not the ones that were recomputed before. */
async function auditNamed(
  only: ReadonlySet<string>,
  parts: AuditParts,
  own: Pick<PartAuditParts, 'findings' | 'head' | 'prefix'>,
): Promise<PartAudit> {
  const remembered = parts.remembered.ofSealsAlone();
  const silent = { withInstallation: false, onShare: NOTHING };
  const part = new PartAudit({ ...parts, ...own, ...silent, only, remembered });
  await part.run();
  return part;
}

/**
 * Replays some customers' histories from the start, by the lower-case hex digits of their
 * references, and compares them with what was sealed.
 */
export async function auditHistories(
  only: ReadonlySet<string>,
  parts: AuditParts,
): Promise<readonly AuditedState[]> {
  const findings = new Findings(0, NOTHING);
  const head = await parts.log.head();
  const own = { findings, head, prefix: '' };
  const part = await auditNamed(only, { ...parts, rows: undefined, onFailed: NOTHING }, own);
  return part.states();
}

export interface CustomerAudit {
  readonly report: AuditReport;
  /** The replayed history; undefined when the log has nothing of the customer. */
  readonly customer: AuditedState | undefined;
}

/** Audits one customer, by the lower-case hex digits of its reference. */
export async function auditCustomer(
  referenceHex: string,
  parts: AuditParts,
): Promise<CustomerAudit> {
  const findings = new Findings(parts.findingsMax, parts.onFinding);
  const head = await parts.log.head();
  const onShare = parts.onProgress;
  const own = { findings, prefix: referenceHex, withInstallation: false, head, onShare };
  const part = new PartAudit({ ...parts, ...own });
  await part.run();
  return {
    report: reportOf(parts, findings, { head, ...part.counts }),
    customer: part.states()[0],
  };
}

/** First digits of references, so that each has a share of at most one of `shares` customers. */
function prefixesFor(shares: number): readonly string[] {
  let prefixes = [''];
  while (prefixes.length < shares) {
    prefixes = prefixes.flatMap((prefix) => HEX_DIGITS.map((digit) => prefix + digit));
  }
  return prefixes;
}

function reportOf(
  { rows }: AuditParts,
  findings: Findings,
  seen: {
    readonly head: bigint;
    readonly customers: number;
    readonly deltas: number;
    readonly seals: number;
  },
): AuditReport {
  const { head, ...counts } = seen;
  return {
    position: String(head === LOG_START ? 0n : head),
    ...counts,
    rowsCompared: rows !== undefined,
    findingCount: findings.count,
    findings: findings.first,
  };
}
