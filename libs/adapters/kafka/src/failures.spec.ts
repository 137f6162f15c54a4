import { explainFailure, withoutRepeats } from './failures';

class KafkaJSSASLAuthenticationError extends Error {
  override readonly name = 'KafkaJSSASLAuthenticationError';
}

it('names the settings of what is wrong', () => {
  const login = new KafkaJSSASLAuthenticationError('SASL PLAIN authentication failed: no');
  expect(explainFailure(login)).toMatch(/^the brokers refuse the login; check KAFKA_SASL/);
  const certificate = new Error('Connection error: self-signed certificate in chain');
  expect(explainFailure(new Error('gave up', { cause: certificate }))).toMatch(/KAFKA_TLS_CA_FILE/);
  expect(explainFailure(new Error('wrong version number'))).toMatch(/check KAFKA_TLS \(/);
  expect(explainFailure(new Error('no leader'))).toBe('no leader');
  expect(explainFailure('text')).toBe('text');
});

it('says the same thing once a minute, and everything else at once', () => {
  const lines: string[] = [];
  let now = 0;
  const log = withoutRepeats(
    (_level, message, fields) => lines.push(`${message} ${String(fields['detail'])}`),
    () => now,
  );
  log('warn', 'failed', { detail: 'a' });
  log('warn', 'failed', { detail: 'a' });
  log('warn', 'failed', { detail: 'b' });
  log('warn', 'waits', {});
  log('warn', 'waits', {});
  now = 60_000;
  log('warn', 'failed', { detail: 'b' });
  expect(lines).toEqual(['failed a', 'failed b', 'waits undefined', 'waits undefined', 'failed b']);
});
