import { readMessage, type ReadContext, type RawMessage } from './read-message';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const context: ReadContext = {
  binding: { topic: 'deltas', tenant: 'acme', environment: 'production' },
  coordinates: { cluster: 'c', epoch: '0', topic: 'deltas', partition: 3, offset: '42' },
  bodyBytesMax: 200,
  readBody: (body) => {
    const { customerId, ...more } = body as { customerId: string };
    return Object.keys(more).length > 0
      ? `must not have ${Object.keys(more).join()}`
      : { customerId, nano: 1n, reason: 'r' };
  },
  now: 7,
};
const message = (
  body: Buffer | string | Readonly<Record<string, unknown>> | null,
  headers: RawMessage['headers'] = {},
): RawMessage => {
  const value = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return { key: Buffer.from('a'), value: body === null ? null : Buffer.from(value), headers };
};

it('keys a message by its place when it brings no key, and traces it by its place', () => {
  expect(readMessage(message({ customerId: 'a' }), context)).toMatchObject({
    origin: {
      tenant: 'acme',
      environment: 'production',
      door: 'kafka',
      actor: 'deltas',
      correlationId: 'deltas:3:42',
      now: 7,
    },
    delta: { customerId: 'a' },
    keySource: {
      kind: 'kafka',
      cluster: 'c',
      epoch: '0',
      topic: 'deltas',
      partition: 3,
      offset: '42',
    },
  });
});

it.each<[string, RawMessage]>([
  ['field', message({ customerId: 'a', idempotencyKey: 'k' })],
  ['header', message({ customerId: 'a' }, { 'Idempotency-Key': Buffer.from('k') })],
  ['both', message({ customerId: 'a', idempotencyKey: 'k' }, { 'idempotency-key': 'k' })],
  ['null field', message({ customerId: 'a', idempotencyKey: null }, { 'idempotency-key': ['k'] })],
])('takes the caller’s key: %s', (_name, given) => {
  expect(readMessage(given, context)).toMatchObject({ keySource: { kind: 'caller', key: 'k' } });
});

it('carries the trace id of a traceparent', () => {
  const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
  const read = readMessage(message({ customerId: 'a' }, { traceparent }), context);
  expect(read).toMatchObject({ origin: { correlationId: TRACE_ID } });
});

it('lets tenant and environment be repeated', () => {
  const body = { tenant: 'acme', environment: 'production', customerId: 'a' };
  expect(readMessage(message(body), context)).toMatchObject({ delta: { customerId: 'a' } });
});

it.each<[string, RawMessage, string]>([
  ['no value', message(null), 'MESSAGE_UNREADABLE'],
  ['not UTF-8', message(Buffer.from([0x22, 0xff, 0x22])), 'MESSAGE_UNREADABLE'],
  ['not JSON', message('{'), 'MESSAGE_UNREADABLE'],
  ['an array', message('[]'), 'MESSAGE_UNREADABLE'],
  ['null', message('null'), 'MESSAGE_UNREADABLE'],
  ['too large', message({ customerId: 'a'.repeat(200) }), 'BODY_TOO_LARGE'],
  ['wrong form', message({ customerId: 'a', more: 1 }), 'VALIDATION_FAILED'],
  ['no message key', { ...message({ customerId: 'a' }), key: null }, 'KEY_IS_NOT_CUSTOMER'],
  ['another key', message({ customerId: 'b' }), 'KEY_IS_NOT_CUSTOMER'],
  ['another tenant', message({ customerId: 'a', tenant: 'b' }), 'SCOPE_IS_NOT_OF_TOPIC'],
  [
    'another environment',
    message({ customerId: 'a', environment: 'sandbox' }),
    'SCOPE_IS_NOT_OF_TOPIC',
  ],
  [
    'two keys',
    message({ customerId: 'a', idempotencyKey: 'k' }, { 'idempotency-key': 'l' }),
    'VALIDATION_FAILED',
  ],
  ['an empty key', message({ customerId: 'a', idempotencyKey: '' }), 'VALIDATION_FAILED'],
  ['a key of bytes', message({ customerId: 'a', idempotencyKey: 'é' }), 'VALIDATION_FAILED'],
  ['a numeric key', message({ customerId: 'a', idempotencyKey: 1 }), 'VALIDATION_FAILED'],
])('finds poison: %s', (_name, given, code) => {
  expect(readMessage(given, context)).toMatchObject({ code });
});
