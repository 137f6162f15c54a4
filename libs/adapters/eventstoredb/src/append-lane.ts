// One stream of appends to the leader: many under way, each answered on its own. What has no
// answer in time, or was under way when the connection went, has an unknown outcome; nothing is
// repeated here.
import type { StreamAppend } from '@deltabook/application';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { appendMessage, correlationOf, outcomeOf, type ServerOutcome } from './append-messages';
import type { BatchAppendCall, LedgerClient } from './ledger-client';

interface PendingAppend {
  readonly settle: (outcome: ServerOutcome) => void;
  readonly timer: NodeJS.Timeout;
  readonly call: Promise<BatchAppendCall>;
}

export class AppendLane {
  private readonly pending = new Map<string, PendingAppend>();
  private call: Promise<BatchAppendCall> | undefined;
  private lastCorrelation = 0;
  private heardAtMs = 0;
  private onIdle: () => void = () => undefined;

  constructor(
    private readonly client: LedgerClient,
    private readonly timeoutMs: number,
  ) {}

  /** Appends under way. */
  get inFlight(): number {
    return this.pending.size;
  }

  /** Resolves with the server's answer, or with `unknown` after the timeout; never rejects. */
  append(append: StreamAppend, storedName: string): Promise<ServerOutcome> {
    this.lastCorrelation += 1;
    const correlation = String(this.lastCorrelation);
    const call = this.openCall();
    return new Promise((settle) => {
      const timer = setTimeout(() => this.giveUp(correlation), this.timeoutMs);
      this.pending.set(correlation, { settle, timer, call });
      call.then(
        (open) => {
          // The append may have been given up while the connection was being made.
          if (!this.pending.has(correlation)) return;
          open.write(appendMessage(append, storedName, correlation));
        },
        (error: unknown) => this.loseCall(call, error),
      );
    });
  }

  /** Resolves once nothing is under way, which the timeout bounds. */
  async settled(): Promise<void> {
    if (this.pending.size > 0) await new Promise<void>((idle) => (this.onIdle = idle));
  }

  private openCall(): Promise<BatchAppendCall> {
    if (this.call) return this.call;
    const call = this.client.openBatchAppend();
    this.call = call;
    this.heardAtMs = performance.now();
    call.then(
      (open) => {
        open.on('data', (response: BatchAppendResp) => {
          this.heardAtMs = performance.now();
          this.settle(correlationOf(response), outcomeOf(response));
        });
        open.on('error', (error) => this.loseCall(call, error));
        open.on('end', () => this.loseCall(call, 'EventStoreDB ended the stream of appends'));
      },
      () => undefined,
    );
    return call;
  }

  private settle(correlation: string, outcome: ServerOutcome): void {
    const waiting = this.pending.get(correlation);
    if (!waiting) return;
    this.pending.delete(correlation);
    clearTimeout(waiting.timer);
    waiting.settle(outcome);
    if (this.pending.size === 0) this.onIdle();
  }

  private loseCall(call: Promise<BatchAppendCall>, error: unknown): void {
    if (this.call === call) this.call = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    for (const [correlation, waiting] of [...this.pending]) {
      if (waiting.call === call) this.settle(correlation, { kind: 'unknown', reason });
    }
  }

  private giveUp(correlation: string): void {
    const silentMs = performance.now() - this.heardAtMs;
    const reason = `EventStoreDB gave no answer in ${this.timeoutMs} ms`;
    const call = this.pending.get(correlation)?.call;
    this.settle(correlation, { kind: 'unknown', reason });
    // A connection on which nothing came for so long is not waited for any more.
    if (silentMs < this.timeoutMs || call === undefined || call !== this.call) return;
    this.loseCall(call, reason);
    void call.then(
      (open) => open.cancel(),
      () => undefined,
    );
    this.client.leaveNode(reason);
  }
}
