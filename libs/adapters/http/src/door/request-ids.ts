// Ids that tie a request, its reply, its log lines and its events together.
import type { IncomingHttpHeaders } from 'node:http';

/** What callers may choose as request or correlation id. */
const ID = /^[A-Za-z0-9._:-]{1,128}$/;
const RADIX = 36;

/** Gives the caller's X-Request-Id where it has the form of an id, else a new one. */
export function requestIdSource(
  processId: string,
): (request: { readonly headers: IncomingHttpHeaders }) => string {
  let count = 0;
  return ({ headers }) => {
    const given = headers['x-request-id'];
    if (given !== undefined && isId(given)) return given;
    count += 1;
    return `${processId}-${count.toString(RADIX)}`;
  };
}

/** The caller's X-Correlation-Id where it has the form of an id, else the request's own. */
export function correlationIdOf(headers: IncomingHttpHeaders, requestId: string): string {
  const given = headers['x-correlation-id'];
  return isId(given) ? given : requestId;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}
