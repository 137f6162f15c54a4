// The bounds of the HTTP doors, from their settings.
import type { HttpLimits } from '@deltabook/adapters/http';
import type { Settings } from './settings';

export const httpLimits = (settings: Settings): HttpLimits => ({
  requestsInFlightMax: settings.REQUESTS_IN_FLIGHT_MAX,
  requestBytesInFlightMax: settings.REQUEST_BYTES_IN_FLIGHT_MAX,
  tenantShareMax: settings.TENANT_SHARE_PERCENT_MAX / 100,
  bodiesPerTurnMax: settings.BODIES_PER_TURN_MAX,
  textRepliesMax: settings.TEXT_REPLIES_MAX,
  textReplyHeldBytesMax: settings.TEXT_REPLY_HELD_BYTES_MAX,
  requestTimeoutMs: settings.REQUEST_TIMEOUT_MS,
  slowRequestMs: settings.SLOW_REQUEST_MS,
  logRequests: settings.LOG_REQUESTS,
});
