// Pages for operators and tools, without a key: health, metrics and the description of the API.
import type { OperationContract } from '@deltabook/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api-error';
import type { Door } from '../door/door';
import { JSON_TYPE } from '../door/replies';
import type { RequestMetrics } from '../door/request-metrics';
import type { Visits } from '../door/visits';
import type { HttpParts } from '../http-parts';
import { docsPage } from '../openapi/docs-page';
import { openApiOf } from '../openapi/openapi';

const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';
/** The page holds its own style and nothing else that could run or load. */
const DOCS_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
const READY = 200;
const NOT_READY = 503;

export interface SystemPagesParts {
  readonly contracts: readonly OperationContract[];
  readonly visits: Visits;
  readonly requestMetrics: RequestMetrics;
  readonly http: Pick<HttpParts, 'readiness' | 'metrics' | 'publicKeys'>;
}

/** What a page answers. */
interface Page {
  readonly status?: number;
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type PageOf = (request: FastifyRequest) => Page | Promise<Page>;

export function registerSystemPages(fastify: FastifyInstance, parts: SystemPagesParts): void {
  const { contracts, visits, requestMetrics, http } = parts;
  const { door } = visits;
  const openApi = JSON.stringify(openApiOf(contracts));
  const docs = docsPage(contracts);
  const pages: Readonly<Record<string, PageOf>> = {
    '/health/live': () => ({ type: JSON_TYPE, text: '{"status":"live"}' }),
    '/health/ready': () => readinessPage(http),
    '/.well-known/deltabook-keys': (request) => keysPage(http, request),
    '/metrics': () => metricsPage(http, requestMetrics, door),
    '/openapi.json': () => ({ type: JSON_TYPE, text: openApi }),
    '/docs': () => ({
      type: HTML_TYPE,
      text: docs,
      headers: { 'content-security-policy': DOCS_POLICY, 'x-content-type-options': 'nosniff' },
    }),
  };
  for (const [url, page] of Object.entries(pages)) registerPage(fastify, { url, page }, visits);
}

function registerPage(
  fastify: FastifyInstance,
  { url, page }: { readonly url: string; readonly page: PageOf },
  visits: Visits,
): void {
  fastify.route({
    method: 'GET',
    url,
    onRequest(request: FastifyRequest, reply: FastifyReply, done: () => void) {
      visits.begin(url, request, reply);
      done();
    },
    async handler(request: FastifyRequest, reply: FastifyReply) {
      const { status = READY, type, text, headers = {} } = await page(request);
      reply.header('x-request-id', request.id);
      return reply.code(status).headers(headers).header('content-type', type).send(text);
    },
  });
}

function readinessPage({ readiness }: Pick<HttpParts, 'readiness'>): Page {
  const { ready, reasons, warnings, audit } = readiness();
  const status = ready ? 'ready' : 'not ready';
  const text = JSON.stringify({ status, reasons, warnings, audit });
  return { status: ready ? READY : NOT_READY, type: JSON_TYPE, text };
}

/** `?origin=` asks for note verifier keys of one log, as tools of other makers take them. */
async function keysPage(
  { publicKeys }: Pick<HttpParts, 'publicKeys'>,
  { query }: FastifyRequest,
): Promise<Page> {
  const { origin } = query as { readonly origin?: unknown };
  if (origin === undefined) return { type: JSON_TYPE, text: await publicKeys.document() };
  const text = typeof origin === 'string' ? await publicKeys.noteKeys(origin) : undefined;
  if (text === undefined) throw new ApiError('NOT_FOUND');
  return { type: TEXT_TYPE, text };
}

async function metricsPage(
  { metrics }: Pick<HttpParts, 'metrics'>,
  requestMetrics: RequestMetrics,
  door: Door,
): Promise<Page> {
  return { type: PROMETHEUS_TYPE, text: (await metrics()) + requestMetrics.text(door) };
}
