// Those who ask the verifier's thread to commit what it verified, and its pauses, which they cut
// short.
import type { CommitRequests } from '@deltabook/application/threads';
import { setTimeout as delay } from 'node:timers/promises';

export class CommitAlarm implements CommitRequests {
  private asked: number[] = [];
  private pausing: AbortController | undefined;
  private isChanged: (() => boolean) | undefined;

  constructor(private readonly onCommitted: (id: number) => void) {}

  get isAsked(): boolean {
    return this.asked.length > 0;
  }

  /** `isChanged` says whether there is anything to commit; undefined while nobody could. */
  serve(isChanged: (() => boolean) | undefined): void {
    this.isChanged = isChanged;
  }

  ask(id: number): void {
    this.asked.push(id);
    if (this.isChanged?.() === false) this.answer();
    else this.pausing?.abort();
  }

  answer(): void {
    const { asked } = this;
    this.asked = [];
    for (const id of asked) this.onCommitted(id);
  }

  /** Resolves after `ms`, once the signal aborts, when somebody asks, or at the next pause. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    // The one before is over where something else came first; its timer need not go on.
    this.pausing?.abort();
    const pausing = new AbortController();
    this.pausing = pausing;
    const end = (): void => pausing.abort();
    // Its end, whoever brings it about, takes the listener away.
    signal.addEventListener('abort', end, { signal: pausing.signal });
    await delay(ms, undefined, { signal: pausing.signal }).catch(() => undefined);
    end();
  }
}
