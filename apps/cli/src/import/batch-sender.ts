// Sends batches to a running service until each item is accepted or refused: repeats with growing
// pauses while the service is busy or away, and splits a batch that is refused as a whole.
import { randomInt } from 'node:crypto';
import type { BatchItem, Refusal } from './row-item';

export const BATCH_PATH = '/api/v1/balance/delta/batch';
const PAUSE_MS_MIN = 200;
const PAUSE_MS_MAX = 10_000;
const REQUEST_MS_MAX = 60_000;
const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);
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

interface Envelope {
  readonly data?: { readonly results?: readonly ItemResult[] };
  readonly error?: { readonly code?: string; readonly message?: string };
}

type Answer =
  | { readonly kind: 'answered'; readonly results: readonly ItemResult[] }
  | { readonly kind: 'busy'; readonly reason: string; readonly pauseMs: number }
  | ({ readonly kind: 'refused' } & Refusal);

export class BatchSender {
  constructor(private readonly options: SenderOptions) {}

  /** Outcomes of all items, in order. Throws ServiceError when the service stays away. */
  async send(items: readonly BatchItem[]): Promise<ItemOutcome[]> {
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
    const first = await this.send(part(left.slice(0, half)));
    return [...first, ...(await this.send(part(left.slice(half))))];
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

  private async post(deltas: readonly BatchItem[]): Promise<Answer> {
    const { url, apiKey } = this.options;
    try {
      const response = await fetch(new URL(BATCH_PATH, url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Api-Key': apiKey },
        body: JSON.stringify({ deltas }),
        signal: AbortSignal.timeout(REQUEST_MS_MAX),
      });
      return answerOf(response, await envelopeOf(response), deltas.length);
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      return { kind: 'busy', reason: `no answer from ${url}: ${causeOf(error)}`, pauseMs: 0 };
    }
  }
}

const UNANSWERED: ItemOutcome = {
  kind: 'refused',
  code: 'UNANSWERED',
  message: 'The service gave no result for this item.',
};

/** What comes from something between us and the service may be no JSON. */
async function envelopeOf(response: Response): Promise<Envelope> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Envelope;
  } catch {
    return {};
  }
}

function answerOf(response: Response, envelope: Envelope, itemCount: number): Answer {
  const { status } = response;
  const results = envelope.data?.results;
  if (response.ok && results?.length === itemCount) return { kind: 'answered', results };
  const { code, message } = {
    code: `HTTP ${status}`,
    message: 'no reason given',
    ...envelope.error,
  };
  const reason = `${code}: ${message}`;
  if (BUSY.has(status)) return { kind: 'busy', reason, pauseMs: retryAfterMs(response) };
  if (SPLIT.has(status)) return { kind: 'refused', code, message };
  throw new ServiceError(reason);
}

function retryAfterMs({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
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

function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  const inner = cause as { readonly code?: string; readonly message?: string } | undefined;
  return inner?.code ?? inner?.message ?? message;
}
