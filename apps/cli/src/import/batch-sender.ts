// Sends batches through the SDK until each item is accepted or refused: repeats with growing
// pauses while the service is busy or away, and splits a batch that is refused as a whole.
import { PacSpace, PacSpaceError, type EmitBatchBody } from '@deltabook/sdk';
import { randomInt, randomUUID } from 'node:crypto';
import type { BatchItem, Refusal } from './row-item';

const PAUSE_MS_MIN = 200;
const PAUSE_MS_MAX = 10_000;
const REQUEST_MS_MAX = 60_000;
/** 0 stands for no answer at all. */
const BUSY = new Set([0, 408, 425, 429, 500, 502, 503, 504]);
/** The batch has a wrong item that the service could not answer alone. */
const SPLIT = new Set([400, 413, 422]);

export type ItemOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'repeated' }
  | ({ readonly kind: 'refused' } & Refusal);

/** The service does not take batches now or with this key: the run stops and can go on later. */
export class ServiceError extends Error {
  readonly code = 'SERVICE_REFUSES';
}

export interface SenderOptions {
  readonly url: string;
  readonly apiKey: string;
  /** How long a batch is repeated without progress before the run stops. */
  readonly retryMsMax: number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told before each pause. */
  readonly onRetry: (reason: string, pauseMs: number) => void;
  readonly signal: AbortSignal;
}

/** One item's result as the service words it; refused where it has an error. */
interface ItemResult {
  readonly idempotent?: boolean;
  readonly error?: string;
  readonly message?: string;
  /** Present where the same item may be accepted later. */
  readonly retryAfterSeconds?: number;
}

type Answer =
  | { readonly kind: 'answered'; readonly results: readonly ItemResult[] }
  | { readonly kind: 'busy'; readonly reason: string; readonly pauseMs: number }
  | ({ readonly kind: 'refused' } & Refusal);

export class BatchSender {
  private readonly client: PacSpace;

  /** Throws PacSpaceError for an address that is none. */
  constructor(private readonly options: SenderOptions) {
    const { url, apiKey } = options;
    this.client = new PacSpace({ baseUrl: url, apiKey });
  }

  /** Outcomes of all items, in order. Throws ServiceError when the service stays away. */
  send(items: readonly BatchItem[]): Promise<ItemOutcome[]> {
    return this.sendKeyed(items.map(withKey));
  }

  private async sendKeyed(items: readonly BatchItem[]): Promise<ItemOutcome[]> {
    const outcomes = new Array<ItemOutcome | undefined>(items.length).fill(undefined);
    let left = [...items.keys()];
    let pauseMs = PAUSE_MS_MIN;
    let deadline = this.deadline();
    while (left.length > 0) {
      const answer = await this.post(left.map((index) => items[index] ?? {}));
      if (answer.kind === 'refused') {
        const parts = await this.sendParts(left, items, answer);
        for (const [at, index] of left.entries()) outcomes[index] = parts[at];
        break;
      }
      const before = left.length;
      if (answer.kind === 'answered') left = settle(left, answer.results, outcomes);
      if (left.length < before) deadline = this.deadline();
      if (left.length === 0) break;
      await this.waitBefore(answer, pauseMs, deadline);
      pauseMs = left.length < before ? PAUSE_MS_MIN : Math.min(pauseMs * 2, PAUSE_MS_MAX);
    }
    return outcomes.map((outcome) => outcome ?? UNANSWERED);
  }

  private deadline(): number {
    return performance.now() + this.options.retryMsMax;
  }

  /** A refused item, or both halves of a refused batch, one after the other to keep the order. */
  private async sendParts(
    left: readonly number[],
    items: readonly BatchItem[],
    { code, message }: Refusal,
  ): Promise<ItemOutcome[]> {
    if (left.length === 1) return [{ kind: 'refused', code, message }];
    const half = Math.ceil(left.length / 2);
    const part = (indexes: readonly number[]): BatchItem[] =>
      indexes.map((index) => items[index] ?? {});
    const first = await this.sendKeyed(part(left.slice(0, half)));
    return [...first, ...(await this.sendKeyed(part(left.slice(half))))];
  }

  private async waitBefore(answer: Answer, pauseMs: number, deadline: number): Promise<void> {
    const { onRetry, pause, signal } = this.options;
    const reason = answer.kind === 'busy' ? answer.reason : 'some items are to be sent again';
    const asked = answer.kind === 'busy' ? answer.pauseMs : 0;
    const waitMs = Math.max(asked, pauseMs + randomInt(PAUSE_MS_MIN));
    if (signal.aborted || performance.now() + waitMs > deadline) throw new ServiceError(reason);
    onRetry(reason, waitMs);
    await pause(waitMs, signal);
  }

  /** One attempt: how long and how often to try again is this file's to say. */
  private async post(items: readonly BatchItem[]): Promise<Answer> {
    // Values of a file go as they are: the service judges them.
    const deltas = items as EmitBatchBody['deltas'];
    try {
      const options = { maxRetries: 0, timeout: REQUEST_MS_MAX };
      const { results } = await this.client.balance.emitBatch(deltas, options);
      if (results.length === items.length) return { kind: 'answered', results };
    } catch (error) {
      if (error instanceof PacSpaceError) return answerOf(error, this.options.url);
      throw error;
    }
    throw new ServiceError('the service did not give a result for each item');
  }
}

/** A row without a key of its own counts once however often this run has to send it. */
function withKey(item: BatchItem): BatchItem {
  return item.idempotencyKey === undefined ? { ...item, idempotencyKey: randomUUID() } : item;
}

const UNANSWERED: ItemOutcome = {
  kind: 'refused',
  code: 'UNANSWERED',
  message: 'The service gave no result for this item.',
};

function answerOf(error: PacSpaceError, url: string): Answer {
  const { code, message, retryAfterMs = 0, statusCode } = error;
  const reason =
    statusCode === 0 ? `no answer from ${url}: ${causeOf(error)}` : `${code}: ${message}`;
  if (BUSY.has(statusCode)) return { kind: 'busy', reason, pauseMs: retryAfterMs };
  if (SPLIT.has(statusCode)) return { kind: 'refused', code, message };
  throw new ServiceError(reason);
}

/** Fills in what is settled and gives the indexes that are to be sent again, in order. */
function settle(
  left: readonly number[],
  results: readonly ItemResult[],
  outcomes: (ItemOutcome | undefined)[],
): number[] {
  return left.filter((index, at) => {
    const result = results[at];
    if (result === undefined) return false;
    if (result.error !== undefined && result.retryAfterSeconds !== undefined) return true;
    outcomes[index] = outcomeOf(result);
    return false;
  });
}

function outcomeOf(result: ItemResult): ItemOutcome {
  const { error, idempotent, message = 'no reason given' } = result;
  if (error === undefined) return { kind: idempotent ? 'repeated' : 'accepted' };
  return { kind: 'refused', code: error, message };
}

/** The innermost cause says the most: the platform wraps it. */
function causeOf(error: Error): string {
  const { cause } = error;
  if (cause instanceof Error) return causeOf(cause);
  return (error as { readonly code?: string }).code ?? error.message;
}
