// Whether this process can do its work. Lag alone is a warning; what it cannot do without is not.
import type { Readiness } from '@deltabook/adapters/http';
import type { ReadStore } from '@deltabook/application';
import type { EventStoreHealth } from './opened-event-store';

export interface ReadinessSources {
  readonly readStore: Pick<ReadStore, 'progress'>;
  readonly eventStore: EventStoreHealth;
  readonly draining: boolean;
  /** Of doors that are not always there. */
  readonly doorWarnings: readonly string[];
}

export function readinessOf(sources: ReadinessSources): Readiness {
  const { readStore, eventStore, draining, doorWarnings } = sources;
  const reasons: string[] = [];
  const warnings: string[] = [...doorWarnings];
  if (draining) reasons.push('shutting down');
  if (eventStore.problem !== undefined) reasons.push(eventStore.problem);
  const { ready, problem } = readStore.progress();
  if (problem) (ready ? warnings : reasons).push(problem.message);
  (ready ? warnings : reasons).push(...projectionNotes(sources));
  return { ready: reasons.length === 0, reasons, warnings, eventStore: eventStore.place };
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
