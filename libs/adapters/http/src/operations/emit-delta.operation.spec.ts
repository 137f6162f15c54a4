import { EmitDeltaCommand, type EmitOutcome } from '@deltabook/application';
import { openDoors, OTHER_KEY, READ_KEY } from '../../../../../test/support/http-doors';

const PATH = '/api/v1/balance/delta';
const BODY = { customerId: 'cust_001', delta: 500, reason: 'initial_deposit' };
const emitted: EmitOutcome = {
  kind: 'emitted',
  status: 'QUEUED',
  customer: {
    customerId: 'cust_001',
    reference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    recordIdPrefix: 'rec_7nurmck4uhpwbo3zz2jm4pvhjq34lu2z',
  },
  delta: {
    revision: 1,
    sequence: 1,
    nano: 500_000_000_000n,
    balanceNano: 500_000_000_000n,
    receiptId: `0x${'a'.repeat(64)}`,
    contentHash: `0x${'b'.repeat(64)}`,
    previousProofHash: `0x${'0'.repeat(64)}`,
    recordedAt: '2026-01-01T12:00:00.000Z',
    bodyMac: '',
  },
  position: 7n,
};

describe('POST delta', () => {
  it('answers with the delta under the names of every vintage', async () => {
    const { post, messages } = openDoors(() => emitted);
    const { status, body, headers } = await post(PATH, BODY);
    const recordId = 'rec_7nurmck4uhpwbo3zz2jm4pvhjq34lu2zaaaaaaab';
    expect(status).toBe(201);
    expect(headers['x-request-id']).toBe('p-1');
    expect(body).toEqual({
      success: true,
      statusCode: 201,
      data: {
        recordId,
        anchorId: recordId,
        receiptId: `0x${'a'.repeat(64)}`,
        itemsRoot: `0x${'a'.repeat(64)}`,
        itemHash: `0x${'b'.repeat(64)}`,
        contentHash: `0x${'b'.repeat(64)}`,
        previousProofHash: `0x${'0'.repeat(64)}`,
        customerId: 'cust_001',
        delta: 500,
        deltaDecimal: '500',
        reason: 'initial_deposit',
        referenceId: null,
        metadata: null,
        adjusts: null,
        occurredAt: null,
        status: 'QUEUED',
        computedBalance: 500,
        computedBalanceDecimal: '500',
        sequenceNumber: 1,
        submittedAt: '2026-01-01T12:00:00.000Z',
        recordedAt: '2026-01-01T12:00:00.000Z',
        verifiedAt: null,
        verificationReference: null,
        dataPurged: false,
        position: '7',
      },
    });
    expect(messages).toEqual([
      new EmitDeltaCommand(
        {
          tenant: 'acme',
          environment: 'sandbox',
          door: 'http',
          actor: 'key_spec',
          correlationId: 'p-1',
          now: Date.parse('2026-01-01T12:00:00.000Z'),
        },
        { customerId: 'cust_001', nano: 500_000_000_000n, reason: 'initial_deposit' },
        undefined,
      ),
    ]);
  });

  it('hands over everything that was given, times in UTC', async () => {
    const { post, messages } = openDoors(() => ({ ...emitted, kind: 'repeated' }));
    const more = {
      delta: '-0.000000001',
      referenceId: 'txn "1"',
      metadata: { a: [1, { b: 'ü' }] },
      occurredAt: '2026-02-28T23:30:00.1239-02:00',
      adjusts: { referenceId: 'txn_0' },
    };
    const headers = { 'idempotency-key': 'k 1', 'x-correlation-id': 'c:1' };
    const { body } = await post(PATH, { ...BODY, ...more }, headers);
    expect(body.data).toMatchObject({
      referenceId: 'txn "1"',
      metadata: { a: [1, { b: 'ü' }] },
      occurredAt: '2026-03-01T01:30:00.123Z',
      adjusts: { referenceId: 'txn_0' },
      idempotent: true,
    });
    expect(messages[0]).toMatchObject({
      origin: { correlationId: 'c:1' },
      delta: { nano: -1n, referenceId: 'txn "1"', occurredAt: '2026-03-01T01:30:00.123Z' },
      keySource: { kind: 'caller', key: 'k 1' },
    });
  });

  it('takes null for what is not given, and trailing slashes', async () => {
    const { post } = openDoors(() => emitted);
    const nothing = { referenceId: null, metadata: null, occurredAt: null, adjusts: null };
    expect((await post(`${PATH}/`, { ...BODY, ...nothing })).status).toBe(201);
  });

  it('answers a refusal with its row of the table', async () => {
    const refused = { kind: 'refused', code: 'STORE_FULL', retryAfterSeconds: 9 };
    const { post } = openDoors(() => refused);
    const { status, body, headers } = await post(PATH, BODY, { 'x-request-id': 'mine' });
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('9');
    expect(body).toEqual({
      success: false,
      statusCode: 503,
      error: {
        code: 'STORE_FULL',
        message: 'The disk of the event store is full; nothing was recorded.',
        remedy: 'Ask the operator for room; writes go on by themselves once there is some.',
        retryAfterSeconds: 9,
        requestId: 'mine',
      },
    });
  });

  it.each([
    [{ 'x-api-key': '' }, 401, 'MISSING_API_KEY'],
    [{ 'x-api-key': 'secret' }, 401, 'MALFORMED_API_KEY'],
    [{ 'x-api-key': `${OTHER_KEY}0` }, 401, 'INVALID_API_KEY'],
    [{ 'x-api-key': READ_KEY }, 403, 'FORBIDDEN'],
    [{ 'idempotency-key': 'ü' }, 400, 'INVALID_IDEMPOTENCY_KEY'],
    [{ 'idempotency-key': 'k'.repeat(256) }, 400, 'INVALID_IDEMPOTENCY_KEY'],
    [{ 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('refuses headers %j', async (headers, status, code) => {
    const { post, messages } = openDoors(() => emitted);
    const reply = await post(PATH, BODY, headers);
    expect(reply.status).toBe(status);
    expect(reply.body.error).toMatchObject({ code });
    expect(messages).toEqual([]);
  });

  it('calls no key wrong while tenants are still being found in the log', async () => {
    const tenants = {
      authenticate: () => undefined,
      keysOf: () => undefined,
      isComplete: () => false,
    };
    const { post } = openDoors(() => emitted, { tenants });
    const { status, body, headers } = await post(PATH, BODY, {});
    expect([status, headers['retry-after']]).toEqual([503, '2']);
    expect(body.error).toMatchObject({ code: 'PROJECTION_BUILDING' });
    const malformed = await post(PATH, BODY, { 'x-api-key': 'secret' });
    expect(malformed.status).toBe(401);
  });
});
