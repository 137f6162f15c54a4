// Runs the auditor inside its thread: round after round it compares what is served with the log,
// and now and then does an audit that an operator asks for.
import {
  sha256,
  sha256Hex,
  SignedHeadFolder,
  verifyEd25519,
} from '@deltabook/adapters/node-crypto';
import { ServedReadModel, type FollowedLog } from '@deltabook/adapters/sqlite';
import {
  auditAll,
  auditCustomer,
  auditHistories,
  RememberedHistories,
  type AuditedState,
  type AuditFinding,
  type AuditParts,
  type CustomerAudit,
} from '@deltabook/application/threads';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { AuditorData, AuditorMessage, AuditRequest, MessageToAuditor } from './audit-messages';
import { paceOf } from './audit-pace';
import { FailedCustomers } from './failed-customers';
import { StoreRelay } from './store-relay';
import { yieldToOtherThreads } from './thread-priority';

/** Opens the log from what the main thread was given as `logSource`. */
type OpenLog = (logSource: unknown) => FollowedLog | Promise<FollowedLog>;

/** Shares of one processor that an audit takes for which an operator waits, in percent. */
const ASKED_SHARES = { busyPercent: 50, idlePercent: 100 } as const;
/** Before the first round, for at most this long, whoever has to catch up goes first. */
const FIRST_REST_MS_MAX = 5_000;
const NOTHING = (): void => undefined;

type GivenParts = Pick<AuditorData, 'busyPercent' | 'idlePercent'> &
  Pick<AuditParts, 'signal'> &
  Partial<Pick<AuditParts, 'remembered' | 'onFinding' | 'onFailed' | 'onProgress'>>;

class Auditor {
  private readonly closing = new AbortController();
  private readonly asked = new Map<number, AbortController>();
  private readonly relay: StoreRelay;
  private readonly remembered: RememberedHistories;

  constructor(
    private readonly port: MessagePort,
    private readonly data: AuditorData,
    private readonly openLog: OpenLog,
  ) {
    this.relay = new StoreRelay((request) => this.post(request));
    this.remembered = new RememberedHistories(data.customersMax);
    port.on('message', (message: MessageToAuditor) => this.take(message));
  }

  async run(): Promise<void> {
    const { signal } = this.closing;
    await this.rest(Math.min(this.data.roundMs, FIRST_REST_MS_MAX));
    while (!signal.aborted) {
      const started = performance.now();
      let restMs = this.data.retryMs;
      try {
        await this.round();
        restMs = Math.max(0, this.data.roundMs - (performance.now() - started));
      } catch (error) {
        this.remembered.forget();
        if (!signal.aborted) this.post({ kind: 'trouble', message: messageOf(error) });
      }
      await this.rest(restMs);
    }
    this.port.close();
  }

  private async rest(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.closing.signal }).catch(NOTHING);
  }

  private async round(): Promise<void> {
    const started = performance.now();
    const { data } = this;
    const { signal } = this.closing;
    const failed = new FailedCustomers({
      relay: this.relay,
      signal,
      retry: data,
      replay: (only) => this.replay(only),
      onFenced: (stream, fromSequence, problems) =>
        this.post({ kind: 'fenced', stream, fromSequence, problems }),
    });
    const given = {
      ...{ busyPercent: data.busyPercent, idlePercent: data.idlePercent, signal },
      remembered: this.remembered,
      onFinding: (finding: AuditFinding) => this.post({ kind: 'finding', finding }),
      onFailed: (customer: AuditedState) => failed.add(customer),
    };
    const report = await this.withParts(given, auditAll);
    await failed.settled();
    const at = Date.now();
    this.post({ kind: 'round', round: { report, at, tookMs: performance.now() - started } });
  }

  private replay(only: ReadonlySet<string>): Promise<readonly AuditedState[]> {
    const { signal } = this.closing;
    const remembered = this.remembered.ofSealsAlone();
    return this.withParts({ ...ASKED_SHARES, signal, remembered }, (parts) =>
      auditHistories(only, parts),
    );
  }

  private async withParts<T>(
    given: GivenParts,
    work: (parts: AuditParts) => Promise<T>,
  ): Promise<T> {
    const { data } = this;
    const { signal, busyPercent, idlePercent } = given;
    const files = new SignedHeadFolder(data.signedHeadsDir);
    const log = await this.openLog(data.logSource);
    const rows = ServedReadModel.open(data.dataDir, data.storeId);
    try {
      return await work({
        log,
        rows,
        hashes: { sha256, sha256Hex },
        crypto: { sha256, verifyEd25519 },
        keptNote: (scope) => files.read(scope),
        customersMax: data.customersMax,
        remembered: given.remembered ?? new RememberedHistories(0),
        findingsMax: data.findingsMax,
        pace: paceOf({ load: data.load, busyPercent, idlePercent, signal }),
        signal,
        onProgress: given.onProgress ?? NOTHING,
        onFinding: given.onFinding ?? NOTHING,
        onFailed: given.onFailed ?? NOTHING,
      });
    } finally {
      rows?.close();
      await log.close();
    }
  }

  private take(message: MessageToAuditor): void {
    switch (message.kind) {
      case 'store':
        return this.relay.settle(message.reply);
      case 'audit':
        void this.answer(message);
        return;
      case 'cancel':
        return this.asked.get(message.id)?.abort();
      case 'close':
        for (const one of this.asked.values()) one.abort();
        return this.closing.abort();
    }
  }

  private async answer({ id, referenceHex }: AuditRequest): Promise<void> {
    const cancelling = new AbortController();
    this.asked.set(id, cancelling);
    const { signal } = cancelling;
    try {
      const onProgress = (share: number): void => this.post({ kind: 'share', id, share });
      const audit = await this.withParts({ ...ASKED_SHARES, signal, onProgress }, (parts) =>
        audited(referenceHex, parts),
      );
      this.post({ kind: 'audited', id, audit });
    } catch (error) {
      this.post({ kind: 'failed', id, message: messageOf(error) });
    } finally {
      this.asked.delete(id);
    }
  }

  private post(message: AuditorMessage): void {
    this.port.postMessage(message);
  }
}

async function audited(
  referenceHex: string | undefined,
  parts: AuditParts,
): Promise<CustomerAudit> {
  if (referenceHex !== undefined) return auditCustomer(referenceHex, parts);
  return { report: await auditAll(parts), customer: undefined };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** To be called once in a thread that AuditWorker started. */
export function runAuditorThread(openLog: OpenLog): void {
  if (!parentPort) throw new Error('the auditor runs in a worker thread');
  const data = workerData as AuditorData;
  yieldToOtherThreads(data.niceness);
  void new Auditor(parentPort, data, openLog).run();
}
