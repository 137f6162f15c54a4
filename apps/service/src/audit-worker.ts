// The auditor as the main thread has it: a thread that is started, told how busy the service is,
// served with the event store, listened to and ended.
import type { CustomerAudit, EventStore } from '@deltabook/application';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { AuditorData, AuditorMessage, AuditRound, MessageToAuditor } from './audit-messages';
import { KnownFindings } from './known-findings';
import { LoadMeter } from './load-meter';
import { answerStoreRequest } from './store-answers';

export interface AuditWorkerParts {
  readonly entry: string;
  readonly data: Omit<AuditorData, 'load'>;
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly logger: Logger;
  readonly onFatal: (error: Error) => void;
}

/** An audit that an operator waits for. */
interface Asked {
  readonly resolve: (audit: CustomerAudit) => void;
  readonly reject: (error: Error) => void;
  readonly onShare: (share: number) => void;
}

export interface AskedAudit {
  /** Lower-case hex digits of a reference; undefined for everyone. */
  readonly referenceHex: string | undefined;
  readonly signal: AbortSignal;
  /** Share that is done, 0 … 1. */
  readonly onShare: (share: number) => void;
}

export class AuditWorker {
  private readonly worker: Worker;
  private readonly meter = new LoadMeter();
  private readonly known: KnownFindings;
  private readonly asked = new Map<number, Asked>();
  private lastId = 0;
  private lastRound: AuditRound | undefined;
  private roundCount = 0;
  private lastTrouble = '';

  constructor(private readonly parts: AuditWorkerParts) {
    this.known = new KnownFindings(parts.logger);
    const data: AuditorData = { ...parts.data, load: this.meter.shared };
    this.worker = new Worker(parts.entry, { workerData: data });
    this.worker.on('message', (message: AuditorMessage) => this.take(message));
    this.worker.on('error', (error) => parts.onFatal(error));
  }

  /** What it has done, for /metrics. */
  figures(): Readonly<Record<string, number>> {
    const { lastRound } = this;
    return {
      deltabook_audited_position: Number(lastRound?.report.position ?? 0),
      deltabook_audited_at_seconds: (lastRound?.at ?? 0) / 1_000,
      deltabook_audit_rounds_total: this.roundCount,
      deltabook_audit_round_seconds: (lastRound?.tookMs ?? 0) / 1_000,
      deltabook_audit_findings: this.known.count,
      deltabook_audit_troubled: this.lastTrouble === '' ? 0 : 1,
    };
  }

  /** For readiness, which anyone may read: counts, no names. */
  warnings(): readonly string[] {
    const { count } = this.known;
    if (count === 0) return [];
    return [`the audit has ${count} findings; name them with: deltabook audit replay`];
  }

  /** The round that ended last; undefined before the first. */
  get round(): AuditRound | undefined {
    return this.lastRound;
  }

  /** Rejects with what kept it from being done, also when the signal aborts. */
  audit({ referenceHex, signal, onShare }: AskedAudit): Promise<CustomerAudit> {
    this.lastId += 1;
    const id = this.lastId;
    this.post({ kind: 'audit', id, referenceHex });
    const cancel = (): void => this.post({ kind: 'cancel', id });
    signal.addEventListener('abort', cancel, { once: true });
    const audited = new Promise<CustomerAudit>((resolve, reject) => {
      this.asked.set(id, { resolve, reject, onShare });
    });
    return audited.finally(() => signal.removeEventListener('abort', cancel));
  }

  async close(): Promise<void> {
    this.meter.close();
    const exit = new Promise((resolve) => this.worker.once('exit', resolve));
    this.post({ kind: 'close' });
    await exit;
    for (const { reject } of this.asked.values()) reject(new Error('the service is ending'));
  }

  private take(message: AuditorMessage): void {
    switch (message.kind) {
      case 'append':
      case 'readStream':
        void answerStoreRequest(this.parts.store, message).then((reply) =>
          this.post({ kind: 'store', reply }),
        );
        return;
      case 'share':
        return this.asked.get(message.id)?.onShare(message.share);
      case 'audited':
        return this.settle(message.id, ({ resolve }) => resolve(message.audit));
      case 'failed':
        return this.settle(message.id, ({ reject }) => reject(new Error(message.message)));
      default:
        this.takeNews(message);
    }
  }

  private takeNews(message: Extract<AuditorMessage, { kind: NewsKind }>): void {
    const { logger } = this.parts;
    switch (message.kind) {
      case 'finding':
        return this.known.add(message.finding);
      case 'round':
        return this.takeRound(message.round);
      case 'fenced': {
        const { stream, fromSequence, problems } = message;
        logger.error({ stream, fromSequence, problems }, 'a history failed: customer fenced');
        return;
      }
      case 'trouble':
        // The same trouble is met at every try, and told once.
        if (message.message !== this.lastTrouble) {
          logger.error(`the continuous check fails and is tried again: ${message.message}`);
        }
        this.lastTrouble = message.message;
    }
  }

  private takeRound(round: AuditRound): void {
    const isNews = round.report.position !== this.lastRound?.report.position;
    this.lastRound = round;
    this.roundCount += 1;
    this.lastTrouble = '';
    this.known.endRound(round.report.findingCount);
    const { position, customers, deltas, findingCount } = round.report;
    const at = new Date(round.at).toISOString();
    const line = `verified through position ${position} at ${at}`;
    this.parts.logger[isNews ? 'info' : 'debug']({ customers, deltas, findingCount }, line);
  }

  private settle(id: number, settle: (asked: Asked) => void): void {
    const asked = this.asked.get(id);
    this.asked.delete(id);
    if (asked) settle(asked);
  }

  private post(message: MessageToAuditor): void {
    this.worker.postMessage(message);
  }
}

type NewsKind = 'finding' | 'round' | 'fenced' | 'trouble';
