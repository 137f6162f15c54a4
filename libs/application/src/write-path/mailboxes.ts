// All customers' mailboxes of a process: found or made per customer, bounded in number, and the one
// place where a command is admitted, keyed and handed to its customer.
import type { CustomerIdentity, EmitDelta, KeySource } from '@deltabook/domain';
import type { TenantDirectory, TenantKeys } from '../access/principal';
import type {
  DeltaRequest,
  EmitOutcome,
  Origin,
  WriteRefusalCode,
} from '../commands/emit-delta/emit-delta.command';
import type { SequencedDelta } from '../commands/emit-deltas/emit-deltas.command';
import type { CustomerDirectory } from '../customers/customer-directory';
import type { ReadStore } from '../ports/read-store.port';
import type { Admission, AdmissionRefusal } from './admission';
import { eventBytesMax, markOf, metadataText } from './delta-parts';
import type { DeltaSequence } from './delta-sequence';
import { Mailbox, PROPOSAL_BYTES_MAX, type MailboxServices } from './mailbox';
import type { ProposalOutcome, Propose } from './proposal';
import type { PendingCommand } from './round';

/** Idle mailboxes looked at, at most, to make room for a new one. */
const EVICTION_SCAN_MAX = 16;

export interface MailboxesOptions {
  readonly tenants: TenantDirectory;
  readonly customers: CustomerDirectory;
  readonly admission: Admission;
  readonly services: MailboxServices;
  readonly progress: Pick<ReadStore, 'progress'>;
  /** 32 hex digits of randomness. */
  readonly salt: () => string;
  readonly cachedCustomersMax: number;
  readonly customerPendingCountMax: number;
}

/** With the optional members too: none can be forgotten where they are written out. */
type Whole<T> = { readonly [Name in keyof Required<T>]: T[Name] };

/** An admitted command's mailbox and what it needs there. */
interface Place {
  readonly mailbox: Mailbox;
  readonly keys: TenantKeys;
  readonly byteCount: number;
}

export interface WriteStatistics {
  emitted: number;
  keyless: number;
  repeated: number;
  readonly refused: Map<WriteRefusalCode, number>;
}

export class Mailboxes {
  readonly statistics: WriteStatistics = {
    emitted: 0,
    keyless: 0,
    repeated: 0,
    refused: new Map(),
  };
  private readonly mailboxes = new Map<string, Mailbox>();
  /**
   * Goes round all mailboxes. A new iterator for each look would pass over every place at the front
   * that was left empty, by the tens of thousands.
   */
  private lookedAt = this.mailboxes.entries();
  /** Of the origin asked for last: all items of a batch share theirs. */
  private lastMetadata: { readonly origin: Origin; readonly text: string } | undefined;

  constructor(private readonly options: MailboxesOptions) {}

  get cachedCount(): number {
    return this.mailboxes.size;
  }

  /** Why `count` deltas of a tenant cannot be taken right now, if they cannot. */
  refusal(tenant: string, deltas: readonly DeltaRequest[]): WriteRefusalCode | undefined {
    const { admission, services, progress } = this.options;
    if (!progress.progress().ready) return 'PROJECTION_BUILDING';
    if (services.recentKeys.isFull()) return 'SERVICE_OVERLOADED';
    const byteCount = deltas.reduce((sum, delta) => sum + eventBytesMax(delta), 0);
    return admission.refusal(tenant, deltas.length, byteCount);
  }

  /** Emits one delta; the promise resolves with its outcome and never rejects. */
  emit(
    origin: Origin,
    delta: DeltaRequest,
    keySource: KeySource | undefined,
  ): Promise<EmitOutcome> | EmitOutcome {
    const place = this.admit(origin, delta.customerId, eventBytesMax(delta));
    if (typeof place === 'string') return this.refused(place);
    return new Promise((resolve) => {
      place.mailbox.submit(this.pending({ origin, delta, keySource }, place, resolve));
    });
  }

  /** Emits many; each customer's are decided together and in order. Never rejects. */
  emitAll(
    deltas: readonly SequencedDelta[],
    sequence: DeltaSequence,
  ): Promise<readonly EmitOutcome[]> {
    return new Promise((resolve) => {
      const outcomes = new Array<EmitOutcome>(deltas.length);
      let unanswered = deltas.length;
      if (unanswered === 0) resolve(outcomes);
      const touched = new Set<Mailbox>();
      for (const [i, item] of deltas.entries()) {
        const { customerId } = item.delta;
        const at = sequence.nextPlace();
        const settle = (outcome: EmitOutcome): void => {
          if (outcome.kind === 'refused') sequence.refused(customerId, outcome.code, at);
          outcomes[i] = outcome;
          unanswered -= 1;
          if (unanswered === 0) resolve(outcomes);
        };
        const place =
          sequence.heldBy(customerId, at) ??
          this.admit(item.origin, customerId, eventBytesMax(item.delta));
        if (typeof place === 'string') {
          settle(this.refused(place));
          continue;
        }
        place.mailbox.add(this.pending(item, place, settle, { sequence, at }));
        touched.add(place.mailbox);
      }
      for (const mailbox of touched) mailbox.start();
    });
  }

  /** Hands what is no delta to its customer's mailbox; counts as accepted until it is settled. */
  async propose(origin: Origin, customerId: string, propose: Propose): Promise<ProposalOutcome> {
    const { admission } = this.options;
    const place = this.admit(origin, customerId, PROPOSAL_BYTES_MAX);
    if (typeof place === 'string') return { kind: 'refused', code: place };
    admission.enter(origin.tenant, place.byteCount);
    const outcome = await place.mailbox.propose(propose, metadataText(origin));
    admission.leave(origin.tenant, place.byteCount);
    return outcome;
  }

  /** Where a command of a customer goes, or why it cannot be taken. */
  private admit(origin: Origin, customerId: string, byteCount: number): Place | WriteRefusalCode {
    const { tenants, admission } = this.options;
    const keys = tenants.keysOf(origin.tenant);
    if (!keys) return 'TENANT_UNKNOWN';
    const refusal = admission.refusal(origin.tenant, 1, byteCount) ?? this.congestion();
    if (refusal) return refusal;
    const mailbox = this.mailboxOf(origin, customerId);
    if (typeof mailbox === 'string') return mailbox;
    if (mailbox.waitingCount >= this.options.customerPendingCountMax) return 'CUSTOMER_OVERLOADED';
    return { mailbox, keys, byteCount };
  }

  /** Admits a delta: from now on it counts as accepted, until it is settled. */
  private pending(
    item: SequencedDelta,
    place: Place,
    settle: (outcome: EmitOutcome) => void,
    order?: PendingCommand['order'],
  ): PendingCommand {
    const { admission, services } = this.options;
    const { origin, delta, keySource } = item;
    const { keys, byteCount } = place;
    // Written out: V8 takes microseconds to add members behind a spread, and each delta is one.
    const command: Whole<EmitDelta> = {
      customerId: delta.customerId,
      nano: delta.nano,
      reason: delta.reason,
      referenceId: delta.referenceId,
      metadata: delta.metadata,
      occurredAt: delta.occurredAt,
      adjusts: delta.adjusts,
      now: origin.now,
      salt: this.options.salt(),
      idempotency: keySource && markOf(keys, origin.environment, delta, keySource),
    };
    if (!keySource) this.statistics.keyless += 1;
    services.recentKeys.forgetUpTo(services.readStore.projectedPosition());
    admission.enter(origin.tenant, byteCount);
    const leaveAndSettle = (outcome: EmitOutcome): void => {
      admission.leave(origin.tenant, byteCount);
      this.count(outcome);
      settle(outcome);
    };
    const metadata = this.metadataOf(origin);
    return { command, metadata, byteCount, settle: leaveAndSettle, order };
  }

  private metadataOf(origin: Origin): string {
    if (this.lastMetadata?.origin !== origin) {
      this.lastMetadata = { origin, text: metadataText(origin) };
    }
    return this.lastMetadata.text;
  }

  private congestion(): AdmissionRefusal | undefined {
    return this.options.services.recentKeys.isFull() ? 'SERVICE_OVERLOADED' : undefined;
  }

  private refused(code: WriteRefusalCode): EmitOutcome {
    const outcome = { kind: 'refused', code } as const;
    this.count(outcome);
    return outcome;
  }

  private count(outcome: EmitOutcome): void {
    const { statistics } = this;
    if (outcome.kind === 'refused') {
      const count = statistics.refused.get(outcome.code) ?? 0;
      statistics.refused.set(outcome.code, count + 1);
    } else if (outcome.kind === 'emitted') statistics.emitted += 1;
    else statistics.repeated += 1;
  }

  private mailboxOf(origin: Origin, customerId: string): Mailbox | WriteRefusalCode {
    const { tenant, environment } = origin;
    const scope = `${tenant}\0${environment}\0${customerId}`;
    const known = this.mailboxes.get(scope);
    if (known) return known;
    if (!this.options.progress.progress().ready) return 'PROJECTION_BUILDING';
    const names = this.options.customers.names(tenant, environment, customerId);
    if (!names) return 'TENANT_UNKNOWN';
    const { reference } = names;
    const identity: CustomerIdentity = { tenant, environment, customerId, reference };
    const mailbox = new Mailbox(names, identity, this.options.services);
    this.makeRoom();
    this.mailboxes.set(scope, mailbox);
    return mailbox;
  }

  /** Lets idle mailboxes go, in the order they were made; one used since the last look stays. */
  private makeRoom(): void {
    for (let looked = 0; looked < EVICTION_SCAN_MAX; looked += 1) {
      if (this.mailboxes.size < this.options.cachedCustomersMax) return;
      const next = this.lookedAt.next();
      if (next.done) {
        this.lookedAt = this.mailboxes.entries();
        continue;
      }
      const [scope, mailbox] = next.value;
      if (!mailbox.takeInUse()) this.mailboxes.delete(scope);
    }
  }
}
