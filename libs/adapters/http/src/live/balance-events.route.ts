// GET /api/v1/balance/events: deltas as they are recorded, as server-sent events.
import {
  LiveFeedFullError,
  type LiveEvent,
  type LiveFeed,
  type LiveSubscription,
  type Principal,
} from '@deltabook/application';
import { BalanceEventsQuery, type BalanceEvent } from '@deltabook/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ApiError } from '../api-error';
import type { Visits } from '../door/visits';
import type { LiveParts } from '../http-parts';
import { activityItem } from '../operations/read-replies';
import { customerIdOf } from '../operations/read-result';
import { formError } from '../validation/request-error';
import { validatorOf } from '../validation/validator';

const CONTRACT = {
  id: 'balanceEvents',
  method: 'GET',
  path: '/api/v1/balance/events',
  access: 'read',
} as const;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies would hold events back until their buffers are full.
  'x-accel-buffering': 'no',
} as const;

const checkQuery = validatorOf(BalanceEventsQuery);
const POSITION = /^-?\d{1,19}$/;

export function registerBalanceEvents(
  fastify: FastifyInstance,
  live: LiveParts,
  visits: Visits,
): void {
  fastify.route({
    method: CONTRACT.method,
    url: CONTRACT.path,
    onRequest(request: FastifyRequest, reply: FastifyReply, done: () => void) {
      const visit = visits.begin(CONTRACT.id, request, reply);
      visit.principal = visits.door.identify(CONTRACT, request);
      done();
    },
    async handler(request: FastifyRequest, reply: FastifyReply) {
      const subscription = await subscribe(live.feed, request);
      if (request.visit) request.visit.isStream = true;
      request.raw.once('close', () => subscription.close());
      /** A key that was revoked meanwhile hears no more. */
      const isAllowed = (): boolean => isStillAllowed(visits, request);
      const texts = eventTexts(subscription, live.heartbeatMs, isAllowed);
      return reply.headers(HEADERS).send(Readable.from(texts, { objectMode: false }));
    },
  });
}

async function subscribe(feed: LiveFeed, request: FastifyRequest): Promise<LiveSubscription> {
  const violation = checkQuery(request.query);
  if (violation) throw formError(violation);
  const query = request.query as BalanceEventsQuery;
  const { tenant, environment } = request.visit?.principal as Principal;
  const customerId = query.customerId === undefined ? undefined : customerIdOf(query.customerId);
  try {
    return await feed.subscribe({ tenant, environment, customerId }, afterOf(request, query));
  } catch (error) {
    if (error instanceof LiveFeedFullError) throw new ApiError('TOO_MANY_REQUESTS');
    throw error;
  }
}

/** The header wins: it is what a browser that comes back adds by itself. */
function afterOf({ headers }: FastifyRequest, query: BalanceEventsQuery): bigint | undefined {
  const text = headers['last-event-id'] ?? query.after;
  if (text === undefined || text === '') return undefined;
  if (typeof text === 'string' && POSITION.test(text)) return BigInt(text);
  throw new ApiError('VALIDATION_FAILED', { field: 'Last-Event-ID', reason: 'is no position' });
}

function isStillAllowed({ door }: Visits, request: FastifyRequest): boolean {
  try {
    door.identify(CONTRACT, request);
    return true;
  } catch {
    return false;
  }
}

/** Ends when the subscription is closed, the key is revoked, or the log cannot be read. */
async function* eventTexts(
  subscription: LiveSubscription,
  heartbeatMs: number,
  isAllowed: () => boolean,
): AsyncGenerator<string, void, undefined> {
  try {
    // The client knows at once that it is connected.
    yield ': connected\n\n';
    for (;;) {
      const events = await subscription.take(heartbeatMs);
      if (subscription.isClosed || !isAllowed()) return;
      yield events.length === 0 ? ': nothing new\n\n' : eventsText(events);
    }
  } finally {
    subscription.close();
  }
}

/** An id only on the last event of a position, so that who comes back with it has had them all. */
function eventsText(events: readonly LiveEvent[]): string {
  return events
    .map((event, i) => {
      const isLast = events[i + 1]?.position !== event.position;
      const data = eventReply(event);
      const id = isLast ? `id: ${event.position}\n` : '';
      return `${id}event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
    })
    .join('');
}

function eventReply(event: LiveEvent): BalanceEvent {
  const { customerId, reference } = event;
  const customer = { customerId, customerReference: reference, position: String(event.position) };
  switch (event.kind) {
    case 'recorded':
      return { type: 'delta.recorded', ...customer, ...activityItem(event.delta) };
    case 'verified':
      return { type: 'deltas.verified', ...customer, verifiedThrough: event.verifiedThrough };
  }
}
