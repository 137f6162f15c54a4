// Whether this process can do its work. Lag alone is a warning; what it cannot do without is not.
import type { Readiness } from '@deltabook/adapters/http';
import type { ReadStore } from '@deltabook/application';
import type { AuditWorker } from './audit-worker';
import type { EventStoreHealth } from './opened-event-store';

export interface ReadinessSources {
  readonly readStore: Pick<ReadStore, 'progress'>;
  readonly eventStore: EventStoreHealth;
  readonly draining: boolean;
  /** Of doors that are not always there. */
  readonly doorWarnings: readonly string[];
  readonly auditor: Pick<AuditWorker, 'warnings' | 'round'> | undefined;
}

export function readinessOf(sources: ReadinessSources): Readiness {
  const { readStore, eventStore, draining, doorWarnings, auditor } = sources;
  const reasons: string[] = [];
  const warnings: string[] = [...doorWarnings, ...(auditor?.warnings() ?? [])];
  if (draining) reasons.push('shutting down');
  if (eventStore.problem !== undefined) reasons.push(eventStore.problem);
  const { ready: projected, problem } = readStore.progress();
  if (problem) (projected ? warnings : reasons).push(problem.message);
  (projected ? warnings : reasons).push(...projectionNotes(sources));
  const ready = reasons.length === 0;
  return { ready, reasons, warnings, eventStore: eventStore.place, audit: auditOf(auditor) };
}

function auditOf(auditor: ReadinessSources['auditor']): Readiness['audit'] {
  const round = auditor?.round;
  if (!round) return undefined;
  const { position, findingCount } = round.report;
  return { position, at: new Date(round.at).toISOString(), findings: findingCount };
}

function projectionNotes({ readStore, eventStore }: ReadinessSources): readonly string[] {
  const { ready, rebuilding, position, head } = readStore.progress();
  if (!ready) return [`read models are being built: position ${position} of ${head}`];
  const notes: string[] = [];
  if (rebuilding) notes.push('read models are being rebuilt beside those served');
  if (head - position > eventStore.lagWarned) {
    notes.push(`read models are behind: position ${position} of ${head}`);
  }
  return notes;
}
