// What is served of tenants, keys and the installation is kept verbatim: each event of their
// streams has to be there as the log has it, and nothing else.
import type { Position, RecordedEvent } from '../ports/event-store.port';
import type { ServedDirectory } from '../ports/served-rows.port';
import type { AuditFinding } from './audit-report';

/** Streams that it is fed with. */
export const DIRECTORY_STREAM_PREFIXES = ['tenant-', 'installation'] as const;

export class DirectoryAudit {
  private readonly stored = new Map<string, RecordedEvent>();

  take(event: RecordedEvent): void {
    if (DIRECTORY_STREAM_PREFIXES.some((prefix) => event.stream.startsWith(prefix))) {
      this.stored.set(placeOf(event), event);
    }
  }

  /** Findings between what is served and what was fed in up to the same position. */
  compare({ events, position }: ServedDirectory): readonly AuditFinding[] {
    const served = new Map(events.map((event) => [placeOf(event), event]));
    const places = new Set([...served.keys(), ...this.storedUpTo(position)]);
    return [...places].flatMap((place) => {
      const [is, should] = [served.get(place), this.stored.get(place)];
      if (is && should && isSame(is, should)) return [];
      const wrong = !is ? 'is not served' : !should ? 'is not in the log' : 'is served altered';
      return [{ code: 'DIRECTORY_DIFFERS' as const, what: `${place} ${wrong}` }];
    });
  }

  private storedUpTo(position: Position): readonly string[] {
    const upTo = [...this.stored].filter(([, event]) => event.position <= position);
    return upTo.map(([place]) => place);
  }
}

const placeOf = ({ stream, revision }: RecordedEvent): string =>
  `revision ${revision} of ${stream}`;

function isSame(a: RecordedEvent, b: RecordedEvent): boolean {
  const texts = a.type === b.type && a.data === b.data && a.metadata === b.metadata;
  return texts && a.position === b.position;
}
