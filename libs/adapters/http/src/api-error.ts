// A request that cannot be served, with its code: the one way every failure is answered.
import { errorEntry, type ErrorCode, type ErrorDetail } from '@deltabook/contracts';

export type ErrorParts = Omit<ErrorDetail, 'code' | 'message' | 'remedy' | 'requestId'>;

export class ApiError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    readonly parts: ErrorParts = {},
  ) {
    super(messageOf(code, parts));
    this.status = errorEntry(code).status;
  }

  /** Seconds of Retry-After; undefined where trying again does not help. */
  get retryAfterSeconds(): number | undefined {
    return this.parts.retryAfterSeconds ?? errorEntry(this.code).retryAfterSeconds;
  }

  detail(requestId: string): ErrorDetail {
    const { code, message, parts, retryAfterSeconds } = this;
    const { remedy } = errorEntry(code);
    const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    return { code, message, ...parts, ...retry, remedy, requestId };
  }
}

/** The table's sentence, with the field and what is wrong with it where that is known. */
export function messageOf(code: ErrorCode, { field, reason }: ErrorParts): string {
  const { message } = errorEntry(code);
  if (reason === undefined) return message;
  return `${message.slice(0, -1)}: ${field === undefined ? reason : `${field} ${reason}`}.`;
}
