// How replies are written: the success envelope, and every error from the one table.
import type { ErrorCode, ErrorDetail } from '@deltabook/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from '../api-error';
import { apiErrorOf } from './framework-errors';

export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Writes `{"success":true,"statusCode":…,"data":…}`; `dataText` is JSON. Straight to Node: the text
 * is ready and needs none of the steps that Fastify takes with a payload, a tenth of a request.
 */
export function sendData(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, dataText }: { readonly status: number; readonly dataText: string },
): void {
  const text = `{"success":true,"statusCode":${status},"data":${dataText}}`;
  reply.hijack();
  reply.raw.writeHead(status, [
    'content-type',
    JSON_TYPE,
    'content-length',
    String(Buffer.byteLength(text)),
    'x-request-id',
    request.id,
  ]);
  reply.raw.end(text);
}

/** What an operator has to know more of than its code. */
const CAUSE_LOGGED: readonly ErrorCode[] = ['INTERNAL', 'HISTORY_MISMATCH'];

/** Keeps what a request failed with for its line in the log. */
export function noteError({ visit }: FastifyRequest, error: unknown): ApiError {
  const apiError = apiErrorOf(error);
  if (visit) {
    visit.code = apiError.code;
    if (CAUSE_LOGGED.includes(apiError.code)) visit.cause = error;
  }
  return apiError;
}

/** The body of every failed request. */
export interface ErrorBody {
  readonly success: false;
  readonly statusCode: number;
  readonly error: ErrorDetail;
}

export function errorBody(error: ApiError, requestId: string): ErrorBody {
  return { success: false, statusCode: error.status, error: error.detail(requestId) };
}

export function sendError(request: FastifyRequest, reply: FastifyReply, error: ApiError): void {
  const { retryAfterSeconds } = error;
  reply.code(error.status);
  reply.header('x-request-id', request.id);
  reply.header('content-type', JSON_TYPE);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (error.code === 'SHUTTING_DOWN') reply.header('connection', 'close');
  reply.send(JSON.stringify(errorBody(error, request.id)));
}
