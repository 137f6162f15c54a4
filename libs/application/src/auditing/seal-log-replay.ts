// One seal log's events as they come by in a round: looked at, unless they are to the byte those
// that an earlier round has looked at. Telling that takes one hash of each.
import type { Sha256Hex } from '@deltabook/integrity';
import { NO_STREAM, type RecordedEvent } from '../ports/event-store.port';
import { AuditedSealLog, type SealLogAudit } from './audited-seal-log';
import type { SealedHead } from './audited-state';
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
  private hoped: RememberedSealLog | undefined;
  private chain = '';
  private revision = NO_STREAM;
  private isOther = false;

  constructor(private readonly parts: SealLogReplayParts) {
    this.hoped = parts.remembered;
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
    return this.isOther || this.hoped !== undefined;
  }

  /** Looks at the next event of the stream; one that was seen is passed over. */
  take(event: RecordedEvent): void {
    const { revision, type, data } = event;
    if (revision <= this.revision) return;
    const isNext = revision === this.revision + 1;
    this.revision = revision;
    if (this.isOther) return;
    this.chain = this.parts.sha256Hex(`${this.chain}${type.length} ${type}${data}`);
    if (this.hoped === undefined) this.active.take(event);
    else if (!isNext || revision > this.hoped.revision) this.isOther = true;
    else if (revision === this.hoped.revision) this.meet(this.hoped);
  }

  /** What the next round may go on from. */
  toRemember(): RememberedSealLog {
    const { active: log, newest: heads, chain, revision } = this;
    return { log, heads, chain, revision };
  }

  forgetHeads(): void {
    this.newest = new Map();
  }

  private meet(hoped: RememberedSealLog): void {
    const continued =
      hoped.chain === this.chain ? hoped.log.continuedFor(this.auditParts) : undefined;
    if (continued === undefined) {
      this.isOther = true;
      return;
    }
    this.hoped = undefined;
    this.active = continued;
    // Others may still go by the ones that were remembered.
    this.newest = new Map(hoped.heads);
  }

  private get auditParts(): SealLogAudit {
    const { scope, crypto, keptNote, wanted } = this.parts;
    const onHead: SealLogAudit['onHead'] = (reference, size, root) => {
      const referenceHex = wanted(reference);
      if (referenceHex !== undefined) this.newest.set(referenceHex, { size, root });
    };
    return { scope, crypto, keptNote, onHead };
  }
}
