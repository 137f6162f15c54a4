// Reads one HTTP answer: the data of the success envelope, or the error it stands for.
import type { Deadline } from './deadline';
import { errorOfAnswer, UnexpectedReplyError, type PacSpaceError } from './errors';
import { readText } from './read-text';

export type Answer<Data> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly error: PacSpaceError };

type Members = Readonly<Record<string, unknown>>;

const SUCCESS_MIN = 200;
const SUCCESS_MAX = 299;

/** Reads a whole answer; rejects only when its body breaks off. */
export async function readAnswer(
  response: Response,
  requestPath: string,
  deadline: Pick<Deadline, 'race'>,
): Promise<Answer<object>> {
  const { status } = response;
  const body = membersOf(parseJson(await readText(response, deadline)));
  const isSuccess = status >= SUCCESS_MIN && status <= SUCCESS_MAX;
  if (!isSuccess) return { ok: false, error: errorOf(response, body, requestPath) };
  const data = membersOf(body['data']);
  if (body['success'] === true && body['data'] === data) return { ok: true, data };
  const facts = { code: 'UNEXPECTED_REPLY', statusCode: status, requestPath };
  const message = 'The answer is not one of a Deltabook service: check baseUrl and any proxy.';
  return { ok: false, error: new UnexpectedReplyError(message, facts) };
}

/** Reads a whole answer that is no success. */
export async function readFailure(
  response: Response,
  requestPath: string,
  deadline: Pick<Deadline, 'race'>,
): Promise<Answer<never>> {
  const body = membersOf(parseJson(await readText(response, deadline)));
  return { ok: false, error: errorOf(response, body, requestPath) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NO_MEMBERS: Members = {};

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : NO_MEMBERS;
}

/** Takes `{error: {code, message, …}}` as well as the same members at the top. */
function errorOf(response: Response, body: Members, requestPath: string): PacSpaceError {
  const nested = membersOf(body['error']);
  const { code, message, ...details } = { ...body, ...nested };
  const text = Array.isArray(message) ? message.join('; ') : message;
  return errorOfAnswer(textOr(text, `The service answered ${response.status}.`), {
    code: textOr(code, 'API_ERROR'),
    statusCode: response.status,
    requestPath,
    retryAfterMs: retryAfterMs(response.headers, details['retryAfterSeconds']),
    details: detailsOf(details),
  });
}

/** What the envelope says of itself is no detail of the failure. */
function detailsOf({ success, statusCode, error, ...rest }: Members): Members {
  return rest;
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

/** The body's seconds first, else the header: seconds, or a time beside the server's own. */
function retryAfterMs(headers: Headers, inBody: unknown): number | undefined {
  const inHeader = headers.get('retry-after') ?? '';
  const seconds = secondsOf(inBody) ?? secondsOf(inHeader);
  if (seconds !== undefined) return seconds * 1_000;
  const untilMs = Date.parse(inHeader) - Date.parse(headers.get('date') ?? '');
  return untilMs >= 0 ? untilMs : undefined;
}

function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value : undefined;
  return typeof value === 'string' && /^\d{1,9}(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
