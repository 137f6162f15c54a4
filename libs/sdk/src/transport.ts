// Sends one operation and attempts it until there is an answer or no reason to go on.
import { readAnswer, readFailure, type Answer } from './answer';
import { pause, startDeadline, type Deadline } from './deadline';
import { NetworkError, TimeoutError, UnexpectedReplyError } from './errors';
import type { ClientSettings } from './options';
import { randomFraction } from './randomness';
import {
  prepareRequest,
  type CallOptions,
  type Input,
  type PreparedRequest,
  type WriteOptions,
} from './request';
import { readText } from './read-text';
import { retryDelayMs } from './retry-policy';
import type { Contract, ReplyOf, Route } from './route';

const EVENT_STREAM = 'text/event-stream';

type ReadAnswer<Data> = (response: Response, deadline: Deadline) => Promise<Answer<Data>>;

export class Transport {
  constructor(private readonly settings: ClientSettings) {}

  /** Longest pause between attempts, in milliseconds. */
  get retryDelayMsMax(): number {
    return this.settings.retryDelayMsMax;
  }

  /** Resolves with the reply's data; rejects with a PacSpaceError or the reason of the signal. */
  async call<C extends Contract>(
    route: Route<C>,
    input: Input,
    options: WriteOptions = {},
  ): Promise<ReplyOf<C>> {
    const request = await prepareRequest(this.settings, route, input, options.idempotencyKey);
    const read = (response: Response, deadline: Deadline) =>
      readAnswer(response, request.path, deadline);
    return (await this.untilAnswered(request, options, read)) as ReplyOf<C>;
  }

  /** The same for an answer that is a text of its own, in no envelope. */
  async text(route: Route<Contract>, input: Input, options: CallOptions = {}): Promise<string> {
    const request = await prepareRequest(this.settings, route, input, undefined);
    const read = async (response: Response, deadline: Deadline): Promise<Answer<string>> =>
      response.ok
        ? { ok: true, data: await readText(response, deadline) }
        : readFailure(response, request.path, deadline);
    return this.untilAnswered(request, options, read);
  }

  private async untilAnswered<Data>(
    request: PreparedRequest,
    options: CallOptions,
    read: ReadAnswer<Data>,
  ): Promise<Data> {
    const maxRetries = options.maxRetries ?? this.settings.maxRetries;
    const policy = { maxRetries, retryDelayMsMax: this.settings.retryDelayMsMax };
    for (let retry = 0; ; retry += 1) {
      const answer = await this.attempt(request, options, read);
      if (answer.ok) return answer.data;
      const delayMs = retryDelayMs(answer.error, retry, await randomFraction(), policy);
      if (delayMs === undefined) throw answer.error;
      await pause(delayMs, options.signal);
    }
  }

  /**
   * Opens a stream of events, once. Rejects with a PacSpaceError, or with fetch's own error where
   * there was no answer.
   */
  async open(
    route: Route<Contract>,
    input: Input,
    deadline: Pick<Deadline, 'signal' | 'race'>,
  ): Promise<ReadableStream<Uint8Array>> {
    const request = await prepareRequest(this.settings, route, input, undefined);
    const headers = { ...request.headers, Accept: EVENT_STREAM };
    const init = { ...request.init, headers, signal: deadline.signal };
    const response = await deadline.race(this.settings.fetch(request.url, init));
    const isStream = response.headers.get('content-type')?.startsWith(EVENT_STREAM) === true;
    if (response.ok && isStream && response.body !== null) return response.body;
    const answer = await readAnswer(response, request.path, deadline);
    if (!answer.ok) throw answer.error;
    throw new UnexpectedReplyError('The answer is no stream of events: check baseUrl.', {
      code: 'UNEXPECTED_REPLY',
      statusCode: response.status,
      requestPath: request.path,
    });
  }

  private async attempt<Data>(
    request: PreparedRequest,
    options: CallOptions,
    read: ReadAnswer<Data>,
  ): Promise<Answer<Data>> {
    const timeoutMs = options.timeout ?? this.settings.timeoutMs;
    const deadline = startDeadline(timeoutMs, options.signal);
    try {
      const init = { ...request.init, signal: deadline.signal };
      const response = await deadline.race(this.settings.fetch(request.url, init));
      return await read(response, deadline);
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
