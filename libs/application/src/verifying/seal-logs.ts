// All seal logs that the verifier follows, appends to and signs. What one of them cannot do must
// not keep the others from theirs.
import {
  DELTAS_VERIFIED,
  LOG_HEAD_SIGNED,
  sealEventText,
  sealScopeOfStream,
  timeText,
  type VerifiedTreeHead,
} from '@deltabook/domain';
import { hexOf, type Sha256 } from '@deltabook/integrity';
import { appendOne, type AppendRetry } from '../access/append-one';
import {
  NO_STREAM,
  type EventStore,
  type NewEvent,
  type RecordedEvent,
} from '../ports/event-store.port';
import type { PlacedSeal, SealLogState, VerificationStore } from '../ports/verification-store.port';
import type { CustomerHistory } from './customer-history';
import { SealLog, type OnSeal } from './seal-log';
import { signLogHead, type SigningParts } from './sign-log-head';

/** Heads in one DeltasVerified: at some 130 bytes each well below what one append may carry. */
const HEADS_PER_EVENT_MAX = 5_000;
const METADATA = JSON.stringify({ door: 'verifier', actor: 'verifier' });
const BROKEN = 'SEAL_LOG_BROKEN';
const TROUBLES: readonly unknown[] = [BROKEN, 'INCONSISTENT_LOG_HEAD'];

export interface SealLogsParts {
  readonly store: Pick<VerificationStore, 'sealLogs' | 'sealTile'>;
  readonly log: Pick<EventStore, 'append'>;
  readonly retry: AppendRetry;
  /** Undefined in a process whose key is not the activated one: it seals and does not sign. */
  readonly signing: SigningParts | undefined;
  readonly sha256: Sha256;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A seal log that cannot be sealed or signed any more. */
  readonly onTrouble: (error: Error) => void;
}

/** A seal as it comes to be: `made` by this process, or followed. */
export interface SealTaken {
  readonly reference: string;
  readonly seal: PlacedSeal;
  readonly root: string;
  readonly made: boolean;
  /** Seals that the newest signed head covers. */
  readonly signedSize: number;
}

export class SealLogs {
  private readonly logs = new Map<string, SealLog>();
  private touched = new Set<SealLog>();
  /** Whose stored seals are broken: neither sealed nor signed. */
  private readonly broken = new Set<SealLog>();
  /** Whose head would contradict a signed one: sealed, not signed. */
  private readonly unsignable = new Set<SealLog>();
  private sealCount = 0;

  constructor(
    private readonly parts: SealLogsParts,
    private readonly onSeal: (taken: SealTaken) => void,
  ) {
    for (const state of parts.store.sealLogs()) {
      const sealLog = new SealLog(state, parts);
      this.logs.set(sealLog.stream, sealLog);
    }
  }

  /** True when a log has seals that its head does not cover, and this process is to sign them. */
  get hasUnsigned(): boolean {
    for (const sealLog of this.logs.values()) if (this.isToSign(sealLog)) return true;
    return false;
  }

  /** True when there is something to commit. */
  get isTouched(): boolean {
    return this.touched.size > 0;
  }

  /** Seals made by this process. */
  get madeCount(): number {
    return this.sealCount;
  }

  canSeal(stream: string): boolean {
    const sealLog = this.at(stream);
    return sealLog !== undefined && !this.broken.has(sealLog);
  }

  /** Folds a followed event in. What this process appended itself was folded in then. */
  take(event: RecordedEvent): void {
    const sealLog = this.at(event.stream);
    if (!sealLog || this.broken.has(sealLog) || event.revision <= sealLog.revision) return;
    try {
      sealLog.take(event, this.taker(sealLog, false));
      this.touched.add(sealLog);
    } catch (error) {
      if (!isTrouble(error)) throw error;
      this.trouble(sealLog, error);
    }
  }

  /** Appends seals; when another verifier was faster, its seals are followed first. */
  async seal(stream: string, histories: readonly CustomerHistory[]): Promise<void> {
    const sealLog = this.at(stream);
    if (!sealLog) return;
    for (let from = 0; from < histories.length; from += HEADS_PER_EVENT_MAX) {
      const heads = histories.slice(from, from + HEADS_PER_EVENT_MAX).map(headOf);
      const firstIndex = sealLog.size;
      const sealedAt = timeText(this.parts.now());
      const data = sealEventText({ type: DELTAS_VERIFIED, v: 1, firstIndex, sealedAt, heads });
      const event = { type: DELTAS_VERIFIED, data, metadata: METADATA };
      if (!(await this.append(sealLog, event))) return;
      this.sealCount += heads.length;
    }
  }

  /** Signs every log that has more seals than its head covers. */
  async sign(): Promise<void> {
    for (const sealLog of this.logs.values()) {
      if (!this.isToSign(sealLog)) continue;
      try {
        await this.signOne(sealLog);
      } catch (error) {
        if (!isTrouble(error)) throw error;
        this.trouble(sealLog, error);
      }
    }
  }

  /** Those to be committed, with the state that they have now. */
  takeTouched(): readonly { readonly of: SealLog; readonly state: SealLogState }[] {
    const taken = [...this.touched].map((of) => ({ of, state: of.toStore() }));
    this.touched = new Set();
    return taken;
  }

  private isToSign(sealLog: SealLog): boolean {
    if (this.broken.has(sealLog) || this.unsignable.has(sealLog)) return false;
    return this.parts.signing !== undefined && sealLog.size > (sealLog.head?.size ?? 0);
  }

  private async signOne(sealLog: SealLog): Promise<void> {
    const { signing } = this.parts;
    const { size, head, scope } = sealLog;
    if (!signing) return;
    const rootAt = (at: number): Uint8Array => sealLog.rootAt(at);
    const note = signLogHead({ scope, size, rootAt, storedNote: head?.note }, signing);
    const data = sealEventText({ type: LOG_HEAD_SIGNED, v: 1, size, note });
    await this.append(sealLog, { type: LOG_HEAD_SIGNED, data, metadata: METADATA });
  }

  /** True when the event is stored as the next of the seal log, and folded in. */
  private async append(sealLog: SealLog, event: NewEvent): Promise<boolean> {
    const { log, retry } = this.parts;
    const { stream, revision: expectedRevision } = sealLog;
    const outcome = await appendOne(log, { stream, expectedRevision, events: [event] }, retry);
    if (outcome.kind !== 'appended') return false;
    sealLog.take({ ...event, revision: outcome.revision }, this.taker(sealLog, true));
    this.touched.add(sealLog);
    return true;
  }

  private taker(sealLog: SealLog, made: boolean): OnSeal {
    const signedSize = sealLog.head?.size ?? 0;
    return (reference, seal, root) => this.onSeal({ reference, seal, root, made, signedSize });
  }

  private at(stream: string): SealLog | undefined {
    const known = this.logs.get(stream);
    if (known) return known;
    const scope = sealScopeOfStream(stream);
    if (!scope) return undefined;
    const no = this.logs.size + 1;
    const tree = new Uint8Array(0);
    const state = { no, scope, revision: NO_STREAM, tree, head: undefined };
    const sealLog = new SealLog(state, this.parts);
    this.logs.set(stream, sealLog);
    return sealLog;
  }

  private trouble(sealLog: SealLog, error: Error): void {
    const isBroken = (error as { code?: unknown }).code === BROKEN;
    (isBroken ? this.broken : this.unsignable).add(sealLog);
    this.parts.onTrouble(error);
  }
}

function isTrouble(error: unknown): error is Error {
  return error instanceof Error && TROUBLES.includes((error as { code?: unknown }).code);
}

function headOf(history: CustomerHistory): VerifiedTreeHead {
  return [history.known.reference, history.size, `0x${hexOf(history.root())}`];
}
