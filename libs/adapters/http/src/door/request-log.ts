// One line for each request that failed or was slow, for every one on a setting. Only what is named
// here is logged: no header, no query and no body, so that no secret can be.
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { correlationIdOf } from './request-ids';
import type { HttpLimits } from '../http-parts';
import type { Visit } from './visit';

const SERVER_ERROR = 500;
const CLIENT_ERROR = 400;
const PATH_LENGTH_MAX = 200;
/** Someone may have put a key into a path. */
const SECRET = /(pk_(?:test|live)_)[^/]*/g;

interface Ended {
  readonly status: number;
  readonly tookMs: number;
}

export type RequestLog = (request: FastifyRequest, visit: Visit, ended: Ended) => void;

export function requestLog(logger: Logger, limits: HttpLimits): RequestLog {
  return (request, visit, ended) => {
    const { status, tookMs } = ended;
    const isSlow = tookMs >= slowFromMs(visit, limits);
    if (status < CLIENT_ERROR && !isSlow && !limits.logRequests) return;
    const line = lineOf(request, visit, ended);
    if (status >= SERVER_ERROR || visit.cause !== undefined) logger.error(line, 'request failed');
    else if (isSlow) logger.warn(line, 'request slow');
    else if (status >= CLIENT_ERROR) logger.info(line, 'request refused');
    else logger.info(line, 'request');
  };
}

/** A stream lasts as long as its reader stays: that is no sign of anything. */
const slowFromMs = ({ isStream }: Visit, { slowRequestMs }: HttpLimits): number =>
  isStream ? Infinity : slowRequestMs;

function lineOf(
  request: FastifyRequest,
  { operation, principal, code, cause }: Visit,
  { status, tookMs }: Ended,
): object {
  return {
    requestId: request.id,
    correlationId: correlationIdOf(request.headers, request.id),
    operation,
    method: request.method,
    path: pathOf(request.url),
    status,
    code,
    tookMs: Math.round(tookMs * 1_000) / 1_000,
    tenant: principal?.tenant,
    environment: principal?.environment,
    keyId: principal?.keyId,
    ...(cause === undefined ? {} : { err: cause }),
  };
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  return path.slice(0, PATH_LENGTH_MAX).replaceAll(SECRET, '$1…');
}
