// What a client is made from, and the checks of it.
import { PacSpaceError } from './errors';
import type { KeyPins } from './receipts/key-ring';

/** Everything that `new PacSpace` takes. */
export interface PacSpaceOptions {
  /** `pk_test_…` or `pk_live_…`. May be absent only with `session`. */
  readonly apiKey?: string;
  /** Absolute http(s) URL of the service; a path prefix is kept. */
  readonly baseUrl?: string;
  /** Service for `pk_test_` keys where no baseUrl is given. */
  readonly sandboxUrl?: string;
  /** Service for all other keys where no baseUrl is given. */
  readonly productionUrl?: string;
  /** Attempts after the first; 2 when not given. */
  readonly maxRetries?: number;
  /** Milliseconds for one attempt; 30,000 when not given. */
  readonly timeout?: number;
  /** Longest pause between attempts in milliseconds; 60,000 when not given. */
  readonly retryDelayMax?: number;
  /** Reads wait for what this client has written before; true when not given. */
  readonly readYourWrites?: boolean;
  /**
   * Public keys that receipts may be signed with: base64, or NAME+ID+BASE64. With none given, those
   * that the service shows first are; later ones only where one of those vouches for them.
   */
  readonly trustedKeys?: readonly string[];
  /** Keeps the keys seen first beyond the life of this client. */
  readonly keyPins?: KeyPins;
  /** False takes receipts as they come; true when not given: they are checked here. */
  readonly verifyReceipts?: boolean;
  /** A page of the service itself: its session cookie takes the place of a key. */
  readonly session?: {
    readonly csrfToken: string;
    readonly environment: 'sandbox' | 'production';
  };
  /** Takes the place of the platform's fetch. */
  readonly fetch?: typeof fetch;
  /** Takes the place of the platform's clock, for the derive helpers that count from today. */
  readonly now?: () => Date;
}

export interface ClientSettings {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Headers of every request that is not public. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly retryDelayMsMax: number;
  readonly readYourWrites: boolean;
  readonly fetch: typeof fetch;
}

const LOCAL_SERVICE = 'http://127.0.0.1:3000';
const MAX_RETRIES = 2;
const TIMEOUT_MS = 30_000;
const RETRY_DELAY_MS_MAX = 60_000;

/** Fills in defaults. Throws PacSpaceError MISSING_API_KEY or INVALID_URL. */
export function readOptions(options: PacSpaceOptions): ClientSettings {
  return {
    baseUrl: baseUrlOf(options),
    credentials: credentialsOf(options),
    maxRetries: options.maxRetries ?? MAX_RETRIES,
    timeoutMs: options.timeout ?? TIMEOUT_MS,
    retryDelayMsMax: options.retryDelayMax ?? RETRY_DELAY_MS_MAX,
    readYourWrites: options.readYourWrites ?? true,
    // Called as a plain function: a browser's fetch refuses any other `this`.
    fetch: options.fetch ?? ((...request) => fetch(...request)),
  };
}

function credentialsOf({ apiKey, session }: PacSpaceOptions): Record<string, string> {
  if (session !== undefined) {
    return { 'X-Deltabook-CSRF': session.csrfToken, 'X-Environment': session.environment };
  }
  if (apiKey !== undefined && apiKey !== '') return { 'X-Api-Key': apiKey };
  throw wrong('MISSING_API_KEY', 'apiKey is missing: give the pk_… key of your tenant');
}

function baseUrlOf(options: PacSpaceOptions): string {
  const isSandbox = options.apiKey?.startsWith('pk_test_') === true;
  const ofEnvironment = isSandbox ? options.sandboxUrl : options.productionUrl;
  const text = options.baseUrl ?? ofEnvironment ?? LOCAL_SERVICE;
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username + url.password !== '') {
    throw wrong('INVALID_URL', 'baseUrl must be an absolute http(s) URL without credentials');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function wrong(code: 'MISSING_API_KEY' | 'INVALID_URL', message: string): PacSpaceError {
  return new PacSpaceError(message, { code, statusCode: 0, requestPath: '' });
}
