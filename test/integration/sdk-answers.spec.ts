// What the SDK makes of each kind of answer, and how long it waits.
import {
  CadenceLimitError,
  ConflictError,
  InvalidApiKeyError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  ServiceUnavailableError,
  TimeoutError,
  UnexpectedReplyError,
  ValidationError,
  type PacSpace,
  type PacSpaceOptions,
} from '@deltabook/sdk';
import { failureOf, startScriptedClient } from '../support/scripted-client';
import {
  failure,
  success,
  type Asked,
  type Scripted,
  type ScriptedServer,
} from '../support/scripted-server';

let server: ScriptedServer;

afterEach(() => server.stop());

async function clientOf(
  answerTo: (asked: Asked, count: number) => Scripted,
  options: PacSpaceOptions = {},
): Promise<PacSpace> {
  const client = await startScriptedClient(answerTo, options);
  server = client.server;
  return client.pac;
}

describe('answers', () => {
  it.each([
    [400, 'VALIDATION_FAILED', ValidationError],
    [401, 'INVALID_API_KEY', InvalidApiKeyError],
    [404, 'CUSTOMER_NOT_FOUND', NotFoundError],
    [409, 'IDEMPOTENCY_CONFLICT', ConflictError],
  ])('%d %s is asked once and typed', async (status, code, ErrorClass) => {
    const pac = await clientOf(() => failure(status, code, { field: 'delta' }));
    const error = await failureOf(pac.balance.customer('cust_001'));
    expect(error).toBeInstanceOf(ErrorClass);
    expect(error).toMatchObject({ statusCode: status, code, message: `message of ${code}` });
    expect(error).toMatchObject({
      details: { field: 'delta' },
      requestPath: '/api/v1/balance/customers/cust_001',
    });
    expect(server.asked).toHaveLength(1);
  });

  it('retries what may pass, with the same key, and then says so', async () => {
    const pac = await clientOf(() => failure(503, 'STORE_UNAVAILABLE', {}, { 'Retry-After': '0' }));
    const error = await failureOf(pac.balance.emit('cust_001', 1, 'usage'));
    expect(error).toBeInstanceOf(ServiceUnavailableError);
    const keys = server.asked.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it('does not wait longer than it may, and passes on what the server asks', async () => {
    const pac = await clientOf(() => failure(429, 'RATE_LIMITED', { retryAfterSeconds: '120' }));
    const error = await failureOf(pac.balance.customersSummary());
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.retryAfterMs).toBe(120_000);
    expect(server.asked).toHaveLength(1);
  });

  it('reads Retry-After as a time beside the server\u2019s own', async () => {
    const headers = {
      Date: 'Wed, 15 Apr 2026 12:00:00 GMT',
      'Retry-After': 'Wed, 15 Apr 2026 12:01:30 GMT',
    };
    const pac = await clientOf(() => failure(503, 'STORE_FULL', {}, headers));
    expect((await failureOf(pac.balance.customersSummary())).retryAfterMs).toBe(90_000);
  });

  it('never repeats after CADENCE_LIMIT', async () => {
    const more = { retryAfterSeconds: 0.001, customerId: 'cust_001' };
    const pac = await clientOf(() => failure(429, 'CADENCE_LIMIT', more));
    const error = await failureOf(pac.balance.emit('cust_001', 1, 'usage'));
    expect(error).toBeInstanceOf(CadenceLimitError);
    expect(error.details).toMatchObject({ customerId: 'cust_001' });
    expect(server.asked).toHaveLength(1);
  });

  it('takes flat errors and lists of messages', async () => {
    const body = { statusCode: 400, error: 'Bad Request', message: ['one', 'two'] };
    const pac = await clientOf(() => ({ status: 400, body }));
    const error = await failureOf(pac.balance.customersSummary());
    expect(error).toMatchObject({ code: 'API_ERROR', message: 'one; two' });
  });

  it.each(['<html>proxy</html>', '[]', '{"data":{}}', '{"success":true}', ''])(
    'refuses the success %p',
    async (body) => {
      const pac = await clientOf(() => ({ body }));
      const error = await failureOf(pac.balance.customersSummary());
      expect(error).toBeInstanceOf(UnexpectedReplyError);
      expect(server.asked).toHaveLength(1);
    },
  );

  it('does not follow a redirect with the key', async () => {
    const pac = await clientOf(() => ({ status: 302, headers: { Location: '/else' }, body: '' }), {
      maxRetries: 0,
    });
    expect(await failureOf(pac.balance.customersSummary())).toBeInstanceOf(NetworkError);
    expect(server.asked).toHaveLength(1);
  });
});

describe('waiting', () => {
  const delta = (status: string): object => ({ recordId: 'rec_1', status });

  it('polls until the delta has ended', async () => {
    const pac = await clientOf((_, count) => success(delta(count < 4 ? 'QUEUED' : 'VERIFIED')));
    const options = { pollInterval: 1 };
    const verified = await pac.balance.emitAndWait('cust_001', 1, 'usage', options);
    expect(verified.status).toBe('VERIFIED');
    expect(server.asked.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET']);
  });

  it('gives up after its timeout and names the delta', async () => {
    const pac = await clientOf(() => success(delta('QUEUED')));
    const options = { pollInterval: 1, timeout: 60 };
    const error = await failureOf(pac.balance.emitAndWait('cust_001', 1, 'usage', options));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.details).toEqual({ recordId: 'rec_1' });
  });

  it('ends with the reason of the signal, before and during a call', async () => {
    const controller = new AbortController();
    const pac = await clientOf(() => {
      controller.abort(new Error('the user left'));
      return success(delta('QUEUED'));
    });
    const { signal } = controller;
    const call = pac.balance.emitAndWait('cust_001', 1, 'usage', { signal, pollInterval: 1 });
    await expect(call).rejects.toThrow('the user left');
    await expect(pac.balance.deltaStatus('rec_1', { signal })).rejects.toThrow('the user left');
  });
});
