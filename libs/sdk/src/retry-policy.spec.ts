import { errorOfAnswer, NetworkError, TimeoutError } from './errors';
import { retryDelayMs } from './retry-policy';

const POLICY = { maxRetries: 2, retryDelayMsMax: 10_000 };

const answered = (statusCode: number, code = 'ANY', retryAfterMs?: number) =>
  errorOfAnswer('message', { code, statusCode, requestPath: '/', retryAfterMs });
const unanswered = { code: 'ANY', statusCode: 0, requestPath: '/' };

describe('retryDelayMs', () => {
  it.each([408, 429, 500, 502, 503, 504])('goes on after %d', (status) => {
    expect(retryDelayMs(answered(status), 0, 0, POLICY)).toBe(500);
  });

  it.each([400, 401, 403, 404, 409, 413, 422, 501])('gives up after %d', (status) => {
    expect(retryDelayMs(answered(status), 0, 0, POLICY)).toBeUndefined();
  });

  it('goes on without an answer', () => {
    expect(retryDelayMs(new NetworkError('', unanswered), 0, 0, POLICY)).toBe(500);
    expect(retryDelayMs(new TimeoutError('', unanswered), 0, 0, POLICY)).toBe(500);
  });

  it('never repeats a customer whose cadence is used up', () => {
    expect(retryDelayMs(answered(429, 'CADENCE_LIMIT', 1), 0, 0, POLICY)).toBeUndefined();
  });

  it('doubles, spreads by a quarter and stays below the longest pause', () => {
    expect(retryDelayMs(answered(503), 1, 0, POLICY)).toBe(1_000);
    expect(retryDelayMs(answered(503), 1, 0.5, POLICY)).toBe(1_125);
    expect(retryDelayMs(answered(503), 9, 0.9, { ...POLICY, maxRetries: 10 })).toBe(10_000);
  });

  it('waits as long as the server asks, and gives up where that is too long', () => {
    expect(retryDelayMs(answered(503, 'ANY', 7_000), 0, 0, POLICY)).toBe(7_000);
    expect(retryDelayMs(answered(429, 'ANY', 10_000), 0, 1, POLICY)).toBe(10_000);
    expect(retryDelayMs(answered(429, 'ANY', 10_001), 0, 0, POLICY)).toBeUndefined();
  });

  it('ends after the last retry', () => {
    expect(retryDelayMs(answered(503), 1, 0, POLICY)).toBe(1_000);
    expect(retryDelayMs(answered(503), 2, 0, POLICY)).toBeUndefined();
  });
});
