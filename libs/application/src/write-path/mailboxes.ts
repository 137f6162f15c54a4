// All customers' mailboxes of a process: found or made per customer, bounded in number, and the one
// place where a command is admitted, keyed and handed to its customer.
import {
  bodyText,
  keyText,
  type CustomerIdentity,
  type Environment,
  type KeySource,
} from '@deltabook/domain';
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
import type { DeltaSequence } from './delta-sequence';
import { Mailbox, type MailboxServices } from './mailbox';
import type { PendingCommand } from './round';

/** Bytes of an event beyond its free texts: leaf, hashes, marks, names, metadata. */
const EVENT_BYTES_BASE = 1_400;
/** UTF-8 bytes that JSON may take for one UTF-16 code unit (an escaped control character). */
const BYTES_PER_CHARACTER_MAX = 6;
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

/** An admitted delta's mailbox and what its pending command needs. */
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
    const place = this.admit(origin, delta);
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
        const place = sequence.heldBy(customerId, at) ?? this.admit(item.origin, item.delta);
        if (typeof place === 'string') {
          settle(this.refused(place));
          continue;
        }
        const order = { sequence, at };
        place.mailbox.add({ ...this.pending(item, place, settle), order });
        touched.add(place.mailbox);
      }
      for (const mailbox of touched) mailbox.start();
    });
  }

  /** Where a delta goes, or why it cannot be taken. */
  private admit(origin: Origin, delta: DeltaRequest): Place | WriteRefusalCode {
    const { tenants, admission } = this.options;
    const keys = tenants.keysOf(origin.tenant);
    if (!keys) return 'TENANT_UNKNOWN';
    const byteCount = eventBytesMax(delta);
    const refusal = admission.refusal(origin.tenant, 1, byteCount) ?? this.congestion();
    if (refusal) return refusal;
    const mailbox = this.mailboxOf(origin, delta.customerId);
    if (typeof mailbox === 'string') return mailbox;
    if (mailbox.waitingCount >= this.options.customerPendingCountMax) return 'CUSTOMER_OVERLOADED';
    return { mailbox, keys, byteCount };
  }

  /** Admits a delta: from now on it counts as accepted, until it is settled. */
  private pending(
    item: SequencedDelta,
    place: Place,
    settle: (outcome: EmitOutcome) => void,
  ): PendingCommand {
    const { admission, services } = this.options;
    const { origin, delta, keySource } = item;
    const { keys, byteCount } = place;
    const command = {
      ...delta,
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
    return { command, metadata: metadataText(origin), byteCount, settle: leaveAndSettle };
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

  /**
   * Lets the oldest idle mailboxes go; one in use since the
   * last look moves to the back of the line.
   */
  private makeRoom(): void {
    let looked = 0;
    for (const [scope, mailbox] of this.mailboxes) {
      if (this.mailboxes.size < this.options.cachedCustomersMax) return;
      looked += 1;
      if (looked > EVICTION_SCAN_MAX) return;
      this.mailboxes.delete(scope);
      if (mailbox.takeInUse()) this.mailboxes.set(scope, mailbox);
    }
  }
}

function markOf(
  keys: TenantKeys,
  environment: Environment,
  delta: DeltaRequest,
  source: KeySource,
): { readonly key: string; readonly body: string } {
  const { customerId } = delta;
  return {
    key: keys.idempotencyHmac(keyText(source, { environment, customerId })),
    body: keys.idempotencyHmac(bodyText(delta)),
  };
}

function metadataText(origin: Origin): string {
  const { correlationId, door, actor } = origin;
  return JSON.stringify({ correlationId, door, actor });
}

/** Upper bound of the bytes that a delta's events take in the store. */
function eventBytesMax(delta: DeltaRequest): number {
  const { reason, referenceId, metadata } = delta;
  let characterCount = reason.length + (referenceId?.length ?? 0);
  if (metadata !== undefined) characterCount += JSON.stringify(metadata).length;
  return EVENT_BYTES_BASE + BYTES_PER_CHARACTER_MAX * characterCount;
}
