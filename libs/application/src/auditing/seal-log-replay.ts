// One seal log's events as they come by in a round: looked at, unless an earlier round has looked
// at the very same.
import type { Sha256Hex } from '@deltabook/integrity';
import type { RecordedEvent } from '../ports/event-store.port';
import type { SealedHead } from '../read-models/rows';
import { AuditedSealLog, type SealLogAudit } from './audited-seal-log';
import { RecognizedEvents } from './recognized-events';
import type { RememberedSealLog } from './remembered-histories';

/** What a seal log is looked at with; heads are kept here. */
export type SealLogReplayParts = Omit<SealLogAudit, 'onHead'> & {
  readonly sha256Hex: Sha256Hex;
  /** What the events seen so far may turn out to be. */
  readonly remembered: RememberedSealLog | undefined;
  /** Hex digits of a reference whose seals are asked for; undefined for others. */
  readonly wanted: (reference: string) => string | undefined;
};

export class SealLogReplay {
  private active: AuditedSealLog;
  private newest = new Map<string, SealedHead>();
  private readonly events: RecognizedEvents<RememberedSealLog>;

  constructor(private readonly parts: SealLogReplayParts) {
    this.events = new RecognizedEvents(parts.remembered, parts.sha256Hex);
    this.active = new AuditedSealLog(this.auditParts);
  }

  get log(): AuditedSealLog {
    return this.active;
  }

  /** Newest seals, by the hex digits of the references. */
  get heads(): ReadonlyMap<string, SealedHead> {
    return this.newest;
  }

  /** True when the events are not those of before, or not all of them are there yet. */
  get isDoubted(): boolean {
    return this.events.areOther || this.events.areAwaited;
  }

  /** Looks at the next event of the stream; one that was seen is passed over. */
  take(event: RecordedEvent): void {
    const known = this.events.take(event);
    if (known === 'new') this.active.take(event);
    else if (known) this.goOnFrom(known);
  }

  /** What the next round may go on from. */
  toRemember(): RememberedSealLog {
    return { log: this.active, heads: this.newest, ...this.events.seen };
  }

  forgetHeads(): void {
    this.newest = new Map();
  }

  private goOnFrom({ log, heads }: RememberedSealLog): void {
    const continued = log.continuedFor(this.auditParts);
    if (continued === undefined) return this.events.giveUp();
    this.active = continued;
    // Others may still go by the ones that were remembered.
    this.newest = new Map(heads);
  }

  private get auditParts(): SealLogAudit {
    const { scope, crypto, keptNote, wanted } = this.parts;
    const onHead: SealLogAudit['onHead'] = (reference, head) => {
      const referenceHex = wanted(reference);
      if (referenceHex !== undefined) this.newest.set(referenceHex, head);
    };
    return { scope, crypto, keptNote, onHead };
  }
}
