import { parseConnectionString } from './connection-string';
import { EventStoreDbStartError } from './start-errors';

const SECRET = 'hunter2';

it('reads a single node with its defaults', () => {
  expect(parseConnectionString('esdb://store.example')).toMatchObject({
    hosts: [{ address: 'store.example', port: 2113 }],
    discover: false,
    tls: true,
    user: undefined,
    nodePreference: 'leader',
  });
});

it('reads every host of a cluster as a seed', () => {
  const text = 'esdb+discover://a:1,b:2,c/?node_preference=Read-Only-Replica&tls=false';
  expect(parseConnectionString(text)).toMatchObject({
    hosts: [
      { address: 'a', port: 1 },
      { address: 'b', port: 2 },
      { address: 'c', port: 2113 },
    ],
    discover: true,
    tls: false,
    nodePreference: 'read_only_replica',
  });
  expect(parseConnectionString('esdb://a,b').discover).toBe(true);
  expect(parseConnectionString('esdb+discover://a').discover).toBe(true);
});

it('decodes user, password and options', () => {
  const text = 'esdb://ad%3Amin:p%40ss:word@a?tlsCAFile=%2Fca%20file&keepAliveInterval=12000';
  expect(parseConnectionString(text)).toMatchObject({
    user: { username: 'ad:min', password: 'p@ss:word' },
    caFile: '/ca file',
    keepAliveIntervalMs: 12_000,
  });
});

it.each([
  ['http://a', 'it must start with esdb:// or esdb+discover://'],
  ['esdb://', 'host 1 is not a host name or address'],
  ['esdb://a,,b', 'host 2 is not a host name or address'],
  ['esdb://a:0', 'the port of host 1 is not a number from 1 to 65535'],
  ['esdb://a:21x', 'the port of host 1 is not a number from 1 to 65535'],
  ['esdb://a,b:70000', 'the port of host 2 is not a number from 1 to 65535'],
  [`esdb://${SECRET}@a`, 'before the @ it needs user:password, both percent-encoded'],
  [`esdb://admin:${SECRET}%@a`, 'the password is not percent-encoded correctly'],
  [`esdb://a?pass=${SECRET}`, 'it has an option that is not known; known are tls, '],
  ['esdb://a?tls', 'option tls has no value'],
  ['esdb://a?tls=yes', 'option tls must be true or false'],
  ['esdb://a?tlsVerifyCert=false', 'tlsVerifyCert=false is not possible'],
  ['esdb://a?nodePreference=any', 'option nodePreference must be leader, follower'],
  ['esdb://a?gossipTimeout=-1', 'option gossipTimeout must be a whole number'],
])('refuses %s in one line without a secret', (text, what) => {
  const read = (): unknown => parseConnectionString(text);
  expect(read).toThrow(EventStoreDbStartError);
  expect(read).toThrow(`setting EVENT_STORE is not a usable connection string: ${what}`);
  expect(read).not.toThrow(SECRET);
  expect(read).not.toThrow('\n');
});
