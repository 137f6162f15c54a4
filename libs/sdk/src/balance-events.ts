// pac.balance.events(): what happens to customers, as it happens. A lost connection is made again
// and goes on after the last event that came, so that none is missed.
import type { BalanceEvent } from '@deltabook/contracts';
import { pause, startDeadline } from './deadline';
import { NetworkError, PacSpaceError } from './errors';
import { readEventStream, type ServerSentEvent } from './event-stream';
import { randomFraction } from './randomness';
import { retryDelayMs } from './retry-policy';
import { BALANCE_EVENTS_ROUTE } from './routes';
import type { Transport } from './transport';

export interface EventsOptions {
  /** Only events of this customer. */
  readonly customerId?: string;
  /** Goes on after this position, as a reply or event carried it; from now when absent. */
  readonly after?: string;
  /** Ends the events: the iteration rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called whenever a connection stands. */
  readonly onOpen?: () => void;
  /** Called whenever one was lost, before it is made again. */
  readonly onLost?: (error: PacSpaceError) => void;
}

/** The service sends something at least this often; a silent connection is made again. */
const SILENCE_MS_MAX = 60_000;

/**
 * Every event, once each and in order, until the signal aborts. Rejects at once where trying again
 * cannot help, such as a refused key; else it goes on trying.
 */
export async function* followEvents(
  transport: Transport,
  options: EventsOptions,
): AsyncGenerator<BalanceEvent, void, undefined> {
  let { after } = options;
  for (let failures = 0; ; failures += 1) {
    try {
      for await (const { id, data } of connection(transport, options, after)) {
        failures = 0;
        after = id === '' ? after : id;
        yield JSON.parse(data) as BalanceEvent;
      }
      throw lost(undefined);
    } catch (cause) {
      await beforeNext(transport, options, { cause, failures });
    }
  }
}

/** Events of one connection, until it ends. */
async function* connection(
  transport: Transport,
  options: EventsOptions,
  after: string | undefined,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const deadline = startDeadline(SILENCE_MS_MAX, options.signal);
  try {
    const { customerId } = options;
    const input = { query: { customerId, after }, kind: 'read' } as const;
    const body = await transport.open(BALANCE_EVENTS_ROUTE, input, deadline);
    options.onOpen?.();
    yield* readEventStream(body, deadline);
  } finally {
    deadline.release();
  }
}

/** Waits before the next connection, or throws what makes it useless. */
async function beforeNext(
  transport: Transport,
  options: EventsOptions,
  ended: { readonly cause: unknown; readonly failures: number },
): Promise<void> {
  const { signal } = options;
  if (signal?.aborted === true) throw signal.reason;
  const error = ended.cause instanceof PacSpaceError ? ended.cause : lost(ended.cause);
  const policy = {
    maxRetries: Number.POSITIVE_INFINITY,
    retryDelayMsMax: transport.retryDelayMsMax,
  };
  const delayMs = retryDelayMs(error, ended.failures, await randomFraction(), policy);
  if (delayMs === undefined) throw error;
  options.onLost?.(error);
  await pause(delayMs, signal);
}

function lost(cause: unknown): NetworkError {
  const { path } = BALANCE_EVENTS_ROUTE;
  const facts = { code: 'NETWORK_ERROR', statusCode: 0, requestPath: path, cause };
  return new NetworkError('The stream of events ended.', facts);
}
