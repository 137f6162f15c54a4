// Builds the request of a call once, so that every attempt is the same request with the same
// idempotency key.
import { invalidArgument } from './errors';
import type { ClientSettings } from './options';
import { newIdempotencyKey } from './randomness';
import type { Contract, Route } from './route';

/** What any call takes beside its own arguments. */
export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt. */
  readonly timeout?: number | undefined;
  /** Attempts after the first. */
  readonly maxRetries?: number | undefined;
}

/** What a write takes beside. */
export interface WriteOptions extends CallOptions {
  /**
   * 1–255 printable ASCII; the same key is the same write for ever. Made new for each call if
   * absent.
   */
  readonly idempotencyKey?: string | undefined;
}

export interface Input {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: object;
  readonly body?: object;
  /**
   * read: changes nothing. write: gets an idempotency key. write with keys: has its own in its
   * body. public: sent without credentials.
   */
  readonly kind: 'read' | 'write' | 'write with keys' | 'public';
}

export interface PreparedRequest {
  readonly path: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly init: RequestInit;
}

/** Path segments that URLs, or other routes, take for themselves. */
const NOT_AN_ID: ReadonlySet<string> = new Set(['', '.', '..']);

/** Throws ValidationError INVALID_ARGUMENT for what no path or query can carry. */
export async function prepareRequest(
  settings: Pick<ClientSettings, 'baseUrl' | 'credentials'>,
  route: Route<Contract>,
  input: Input,
  idempotencyKey: string | undefined,
): Promise<PreparedRequest> {
  const path = fillPath(route.path, input.params ?? {});
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (input.kind !== 'public') Object.assign(headers, settings.credentials);
  if (input.kind === 'write') {
    headers['Idempotency-Key'] = idempotencyKey ?? (await newIdempotencyKey());
  }
  if (input.body !== undefined) headers['Content-Type'] = 'application/json';
  const body = input.body === undefined ? {} : { body: JSON.stringify(input.body) };
  return {
    path,
    url: `${settings.baseUrl}${path}${queryText(input.query ?? {})}`,
    // A redirect would send the key elsewhere, and turn a write into a read.
    headers,
    init: { method: route.method, headers, redirect: 'error', ...body },
  };
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name] ?? '';
    if (NOT_AN_ID.has(value)) throw invalidArgument(`${name} must not be "${value}"`);
    return encode(name, value);
  });
}

function queryText(query: object): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encode(name, String(value))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function encode(name: string, value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    throw invalidArgument(`${name} holds half of a surrogate pair`);
  }
}
