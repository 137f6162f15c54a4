// Nest's Fastify adapter over a Fastify of our own making. Nest brings the application to life;
// what happens to a request is registered on Fastify itself, so nothing of Nest is in its way.
import { FastifyAdapter } from '@nestjs/platform-fastify';
import fastify, { type FastifyInstance } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from './api-error';
import { apiErrorOf } from './door/framework-errors';
import { errorBody, JSON_TYPE, sendError } from './door/replies';
import { requestIdSource } from './door/request-ids';
import type { HttpLimits, HttpParts } from './http-parts';

/** Longest percent-encoded path member that is routed; headers are bounded by Node at 16 KiB. */
const PARAM_LENGTH_MAX = 16_384;

/** Headers must have come within this time. */
const HEADERS_MS_MAX = 10_000;
/** How often Node looks for requests whose time is up, at least. */
const CHECK_MS_MAX = 10_000;

export type FastifyOptions = Pick<HttpParts, 'processId'> & {
  readonly limits: Pick<HttpLimits, 'requestTimeoutMs'>;
};

/** A Fastify that answers in the product's envelope even where no route was reached. */
export function createFastify({ processId, limits }: FastifyOptions): FastifyInstance {
  const newRequestId = requestIdSource(processId);
  return fastify({
    logger: false,
    requestTimeout: limits.requestTimeoutMs,
    http: {
      requestTimeout: limits.requestTimeoutMs,
      // Node would take the greater of both for the whole request.
      headersTimeout: Math.min(limits.requestTimeoutMs, HEADERS_MS_MAX),
      connectionsCheckingInterval: Math.min(limits.requestTimeoutMs, CHECK_MS_MAX),
    },
    requestIdHeader: false,
    genReqId: newRequestId,
    // Fastify's own 503 would not have the product's envelope: the door refuses instead.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAM_LENGTH_MAX },
    frameworkErrors: (error, request, reply) => {
      sendError(request, reply, apiErrorOf(error));
    },
    clientErrorHandler: (error, socket) => {
      answerClientError(error, socket, newRequestId({ headers: {} }));
    },
  });
}

/** Answers what never became a request: broken HTTP, large headers, a body that did not come. */
function answerClientError(
  error: { readonly code?: string },
  socket: Socket,
  requestId: string,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = apiErrorOf(error);
  const apiError = known.code === 'INTERNAL' ? new ApiError('MALFORMED_REQUEST') : known;
  const body = JSON.stringify(errorBody(apiError, requestId));
  socket.end(
    `HTTP/1.1 ${apiError.status} ${STATUS_CODES[apiError.status] ?? ''}\r\nConnection: close\r\n` +
      `Content-Type: ${JSON_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `X-Request-Id: ${requestId}\r\n\r\n${body}`,
  );
}

export class HttpAdapter extends FastifyAdapter {
  constructor(options: FastifyOptions) {
    const instance = createFastify(options);
    const { addHook } = instance;
    // Nest adds five hooks to every request, for its CORS, versioning and middleware: none is used.
    instance.addHook = () => instance;
    super(instance as never);
    instance.addHook = addHook;
  }

  /** Nest would register its middleware engine here; there is no middleware. */
  override init(): Promise<void> {
    return Promise.resolve();
  }

  /** Bodies, errors and unknown paths are registerHttp()'s. */
  override registerParserMiddleware(): void {}

  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }

  override setNotFoundHandler(): FastifyInstance {
    return this.getInstance();
  }
}
