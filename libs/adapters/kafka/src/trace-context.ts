// W3C trace context in message headers: https://www.w3.org/TR/trace-context/, version 00.

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const TRACE_ID = /^[0-9a-f]{32}$/;
const NO_TRACE = '0'.repeat(32);

/** Trace id (32 hex) of a traceparent; undefined when it is none. */
export function traceIdOf(traceparent: string): string | undefined {
  const traceId = TRACEPARENT.exec(traceparent)?.[1];
  return traceId === NO_TRACE ? undefined : traceId;
}

/** Traceparent of a message that follows from `correlationId`; undefined if that is no trace id. */
export function traceparentOf(correlationId: string, eventId: string): string | undefined {
  if (!TRACE_ID.test(correlationId) || correlationId === NO_TRACE) return undefined;
  return `00-${correlationId}-${eventId.replaceAll('-', '').slice(0, 16)}-01`;
}
