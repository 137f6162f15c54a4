// Sends one operation: builds the request once, so that every attempt is the same request with the
// same idempotency key, and attempts it until there is an answer or no reason to go on.
import { readAnswer, type Answer } from './answer';
import { pause, startDeadline } from './deadline';
import { invalidArgument, NetworkError, TimeoutError } from './errors';
import type { ClientSettings } from './options';
import { newIdempotencyKey, randomFraction } from './randomness';
import { retryDelayMs } from './retry-policy';
import type { Contract, ReplyOf, Route } from './route';

/** What any call takes beside its own arguments. */
export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt. */
  readonly timeout?: number | undefined;
  /** Attempts after the first. */
  readonly maxRetries?: number | undefined;
}

/** What a write takes beside. */
export interface WriteOptions extends CallOptions {
  /**
   * 1–255 printable ASCII; the same key is the same write for ever. Made new for each call if
   * absent.
   */
  readonly idempotencyKey?: string | undefined;
}

export interface Input {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: object;
  readonly body?: object;
  /**
   * read: changes nothing. write: gets an idempotency key. write with keys: has its own in its
   * body. public: sent without credentials.
   */
  readonly kind: 'read' | 'write' | 'write with keys' | 'public';
}

interface PreparedRequest {
  readonly path: string;
  readonly url: string;
  readonly init: RequestInit;
}

/** Path segments that URLs, or other routes, take for themselves. */
const NOT_AN_ID: ReadonlySet<string> = new Set(['', '.', '..']);

export class Transport {
  constructor(private readonly settings: ClientSettings) {}

  /** Resolves with the reply's data; rejects with a PacSpaceError or the reason of the signal. */
  async call<C extends Contract>(
    route: Route<C>,
    input: Input,
    options: WriteOptions = {},
  ): Promise<ReplyOf<C>> {
    const request = await this.prepare(route, input, options);
    const maxRetries = options.maxRetries ?? this.settings.maxRetries;
    const policy = { maxRetries, retryDelayMsMax: this.settings.retryDelayMsMax };
    for (let retry = 0; ; retry += 1) {
      const answer = await this.attempt(request, options);
      if (answer.ok) return answer.data as ReplyOf<C>;
      const delayMs = retryDelayMs(answer.error, retry, await randomFraction(), policy);
      if (delayMs === undefined) throw answer.error;
      await pause(delayMs, options.signal);
    }
  }

  private async prepare(
    route: Route<Contract>,
    input: Input,
    options: WriteOptions,
  ): Promise<PreparedRequest> {
    const path = fillPath(route.path, input.params ?? {});
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (input.kind !== 'public') Object.assign(headers, this.settings.credentials);
    if (input.kind === 'write') {
      headers['Idempotency-Key'] = options.idempotencyKey ?? (await newIdempotencyKey());
    }
    if (input.body !== undefined) headers['Content-Type'] = 'application/json';
    const body = input.body === undefined ? {} : { body: JSON.stringify(input.body) };
    return {
      path,
      url: `${this.settings.baseUrl}${path}${queryText(input.query ?? {})}`,
      // A redirect would send the key elsewhere, and turn a write into a read.
      init: { method: route.method, headers, redirect: 'error', ...body },
    };
  }

  private async attempt(request: PreparedRequest, options: CallOptions): Promise<Answer> {
    const timeoutMs = options.timeout ?? this.settings.timeoutMs;
    const deadline = startDeadline(timeoutMs, options.signal);
    try {
      const init = { ...request.init, signal: deadline.signal };
      const response = await this.settings.fetch(request.url, init);
      return await readAnswer(response, request.path);
    } catch (cause) {
      if (options.signal?.aborted === true) throw options.signal.reason;
      const facts = { statusCode: 0, requestPath: request.path, cause };
      const error = deadline.isOver()
        ? new TimeoutError(`No answer within ${timeoutMs} ms.`, { code: 'TIMEOUT', ...facts })
        : new NetworkError('The service could not be reached.', {
            code: 'NETWORK_ERROR',
            ...facts,
          });
      return { ok: false, error };
    } finally {
      deadline.release();
    }
  }
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name] ?? '';
    if (NOT_AN_ID.has(value)) throw invalidArgument(`${name} must not be "${value}"`);
    return encode(name, value);
  });
}

function queryText(query: object): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encode(name, String(value))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function encode(name: string, value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    throw invalidArgument(`${name} holds half of a surrogate pair`);
  }
}
