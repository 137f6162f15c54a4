// The verifier as the main thread has it: a thread that is started, served with the event store,
// listened to and ended.
import type { EventStore, Position } from '@deltabook/application';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { answerStoreRequest } from './store-answers';
import type { MessageToVerifier, VerifierData, VerifierMessage } from './verifier-messages';

/** Counts of the verifier, by the name of their metric. */
export type VerifierFigures = Readonly<Record<string, number>>;

export interface VerifierWorkerParts {
  readonly entry: string;
  readonly data: VerifierData;
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly logger: Logger;
  /** Told after a round that made seals, with a position at or after theirs. */
  readonly onSealed: (position: Position) => void;
  readonly onFatal: (error: Error) => void;
}

export interface VerifierState {
  readonly position: bigint;
  readonly head: bigint;
  readonly fencedCount: number;
  readonly sealedCount: number;
  /** Why it stands still and tries again, when it does. */
  readonly problem: string | undefined;
}

export class VerifierWorker {
  private readonly worker: Worker;
  private progress = { position: -1n, head: -1n, fencedCount: 0, sealedCount: 0 };
  private lastTrouble = '';
  /** Callers that wait for an answer, by the id of what they asked. */
  private readonly asked = new Map<number, () => void>();
  private lastAskedId = 0;

  constructor(private readonly parts: VerifierWorkerParts) {
    this.worker = new Worker(parts.entry, { workerData: parts.data });
    this.worker.on('message', (message: VerifierMessage) => this.take(message));
    this.worker.on('error', (error) => parts.onFatal(error));
  }

  /** How far it is, for operators. */
  state(): VerifierState {
    return { ...this.progress, problem: this.lastTrouble || undefined };
  }

  /** What it has done, for /metrics. */
  figures(): VerifierFigures {
    const { position, head, fencedCount, sealedCount } = this.progress;
    return {
      deltabook_verified_position: Number(position),
      deltabook_verification_lag_events: Math.max(0, Number(head - position)),
      deltabook_customers_fenced: fencedCount,
      deltabook_seals_made_total: sealedCount,
      deltabook_verification_troubled: this.lastTrouble === '' ? 0 : 1,
    };
  }

  /** Resolves once everything verified so far can be read from the verification store. */
  commit(): Promise<void> {
    return this.ask((id) => ({ kind: 'commit', id }));
  }

  /** Resolves once that key (PEM) signs, or none does, and the one before no more. */
  signWith(signingKeyPem: string | undefined): Promise<void> {
    return this.ask((id) => ({ kind: 'sign', id, signingKeyPem }));
  }

  async close(): Promise<void> {
    const exit = new Promise((resolve) => this.worker.once('exit', resolve));
    this.worker.postMessage('close' satisfies MessageToVerifier);
    await exit;
  }

  private take(message: VerifierMessage): void {
    const { logger } = this.parts;
    switch (message.kind) {
      case 'append':
      case 'readStream':
        void answerStoreRequest(this.parts.store, message).then((reply) =>
          this.worker.postMessage(reply satisfies MessageToVerifier),
        );
        return;
      case 'progress':
        return this.takeProgress(message);
      case 'committed':
      case 'signing':
        return this.settleAsked(message.id);
      case 'fenced': {
        const { stream, fromSequence, problems } = message;
        logger.error({ stream, fromSequence, problems }, 'a history failed: customer fenced');
        return;
      }
      case 'trouble':
        this.tellTrouble(message.code, message.message);
    }
  }

  private takeProgress(progress: Extract<VerifierMessage, { kind: 'progress' }>): void {
    if (progress.sealedCount > this.progress.sealedCount) this.parts.onSealed(progress.head);
    this.progress = progress;
    this.lastTrouble = '';
  }

  /** The same trouble is met at every try, and told once. */
  private tellTrouble(code: string, message: string): void {
    if (message !== this.lastTrouble) this.parts.logger.error({ code }, message);
    this.lastTrouble = message;
  }

  private settleAsked(id: number): void {
    this.asked.get(id)?.();
    this.asked.delete(id);
  }

  private ask(messageOf: (id: number) => MessageToVerifier): Promise<void> {
    this.lastAskedId += 1;
    const id = this.lastAskedId;
    this.worker.postMessage(messageOf(id));
    return new Promise((resolve) => this.asked.set(id, resolve));
  }
}
