// How replies are written: the success envelope, and every error from the one table.
import type { ErrorDetail } from '@deltabook/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from '../api-error';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Writes `{"success":true,"statusCode":…,"data":…}`; `dataText` is JSON. */
export function sendData(reply: FastifyReply, status: number, dataText: string): void {
  reply.code(status);
  reply.header('content-type', JSON_TYPE);
  reply.send(`{"success":true,"statusCode":${status},"data":${dataText}}`);
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
