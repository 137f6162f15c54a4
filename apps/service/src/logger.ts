// Structured logs: one JSON object a line on stdout, times in RFC 3339 UTC, never a secret.
import { pino, stdTimeFunctions, type Logger } from 'pino';

/** What must never be written, should it ever get into an object that is logged. */
const SECRETS = ['apiKey', '*.apiKey', 'headers["x-api-key"]', 'req.headers', 'fullKey'];

/** `level`: one of pino's, or `silent`. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: { service: 'deltabook' },
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: SECRETS, censor: '[secret]' },
  });
}
