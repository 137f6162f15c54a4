// Histories and seal logs that one round of the continuous check leaves to the next, so that what
// has not changed is hashed once and not recomputed.
import type { SealedHead } from '../read-models/rows';
import type { AuditedCustomer } from './audited-customer';
import type { AuditedSealLog } from './audited-seal-log';
import type { EventsSeen } from './recognized-events';

export interface RememberedHistory extends EventsSeen {
  readonly customer: AuditedCustomer;
}

export interface RememberedSealLog extends EventsSeen {
  readonly log: AuditedSealLog;
  /** Newest seal of each customer, by the hex digits of its reference. */
  readonly heads: ReadonlyMap<string, SealedHead>;
}

/** By the stream of the seal log. */
export type RememberedSealLogs = ReadonlyMap<string, RememberedSealLog>;

export class RememberedHistories {
  private before = new Map<string, RememberedHistory>();
  private now = new Map<string, RememberedHistory>();

  /** `customersMax`: histories kept at most; the others are recomputed in each round. */
  constructor(
    private readonly customersMax: number,
    private sealLogsKept: RememberedSealLogs = new Map(),
  ) {}

  /** Nothing but the seal logs, for an audit that recomputes histories from the start. */
  ofSealsAlone(): RememberedHistories {
    return new RememberedHistories(0, this.sealLogsKept);
  }

  /** As they were read last. */
  get sealLogs(): RememberedSealLogs {
    return this.sealLogsKept;
  }

  keepSealLogs(sealLogs: RememberedSealLogs): void {
    if (this.isKept) this.sealLogsKept = sealLogs;
  }

  /** False when nothing is remembered, so that there is no use in hashing for it. */
  get isKept(): boolean {
    return this.customersMax > 0;
  }

  /** By the reference's hex digits, what the round before has left. */
  get(referenceHex: string): RememberedHistory | undefined {
    return this.before.get(referenceHex);
  }

  keep(referenceHex: string, history: RememberedHistory): void {
    if (this.now.size < this.customersMax) this.now.set(referenceHex, history);
  }

  /** The next round goes by what this one has kept. */
  endRound(): void {
    this.before = this.now;
    this.now = new Map();
  }

  /** After a round that broke off: its customers have moved on from what was hashed of them. */
  forget(): void {
    this.before.clear();
    this.now.clear();
    this.sealLogsKept = new Map();
  }
}
