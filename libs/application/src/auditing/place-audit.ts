// Whether an event store's own index of streams leads to the events as they lie in the log: whoever
// moved events there moved them away from under it. Of each stream one number is kept.
import { customerStream } from '@deltabook/domain';
import type { Position, RecordedEvent } from '../ports/event-store.port';
import type { StreamPlaces } from '../ports/stream-places.port';
import type { AuditFinding } from './audit-report';
import type { AuditedCustomer } from './audited-customer';

/** Odd, so that positions that changed places change the fold. */
const FOLD_FACTOR = 31;

const folded = (fold: number, position: number): number =>
  (Math.imul(fold, FOLD_FACTOR) + position) | 0;

export class PlaceAudit {
  private readonly folds = new Map<string, number>();
  private readonly end: number;

  /** Nothing beyond `head` is looked at; without places nothing is. */
  constructor(
    private readonly places: StreamPlaces | undefined,
    head: Position,
  ) {
    this.end = places ? Math.min(places.indexed, Number(head)) : 0;
  }

  /** Takes the next event of the log. */
  take({ stream, position }: RecordedEvent): void {
    const at = Number(position);
    if (at <= this.end) this.folds.set(stream, folded(this.folds.get(stream) ?? 0, at));
  }

  /** Undefined when all events of a history that holds are where the index says. */
  findingOf(customer: AuditedCustomer): AuditFinding | undefined {
    const { identity, revision: last, size, failure } = customer.state();
    if (failure) return undefined;
    const revision = this.misplaced(customerStream(identity.reference));
    if (revision === undefined) return undefined;
    const what = `revision ${revision} is not where the stream index says`;
    // The opening and deltas alone: then a revision is a sequence.
    const place = last === size ? { sequence: revision } : {};
    return { code: 'INDEX_DIFFERS', customer: identity, ...place, what };
  }

  private misplaced(stream: string): number | undefined {
    const { places, end } = this;
    if (!places) return undefined;
    let fold = 0;
    let revision = 0;
    for (const position of places.positionsOf(stream)) {
      if (position > end) break;
      fold = folded(fold, position);
      revision += 1;
    }
    if (fold === (this.folds.get(stream) ?? 0)) return undefined;
    return places.firstMisplaced(stream) ?? revision;
  }
}
