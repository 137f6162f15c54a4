// Reads EVENT_STORE: esdb://… and esdb+discover://…. Stricter than the client's own reader:
// several hosts of a cluster are all seeds, an option that would have no effect is refused, and
// no message repeats the text, since it may hold a password.
import { EventStoreDbStartError } from './start-errors';

export type NodePreference = 'leader' | 'follower' | 'read_only_replica' | 'random';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface ConnectionTarget {
  readonly hosts: readonly Endpoint[];
  /** True when the node to talk to is found by asking the hosts who else is in their cluster. */
  readonly discover: boolean;
  readonly tls: boolean;
  readonly user: { readonly username: string; readonly password: string } | undefined;
  readonly nodePreference: NodePreference;
  readonly caFile: string | undefined;
  readonly userCertFile: string | undefined;
  readonly userKeyFile: string | undefined;
  readonly connectionName: string;
  readonly keepAliveIntervalMs: number | undefined;
  readonly keepAliveTimeoutMs: number | undefined;
  /** Rounds in which all hosts are asked, the pause between two, and how long one host may take. */
  readonly discoverAttemptsMax: number;
  readonly discoverIntervalMs: number;
  readonly gossipTimeoutSeconds: number;
}

const DEFAULT_PORT = 2113;
const PREFERENCES = new Map<string, NodePreference>([
  ['leader', 'leader'],
  ['follower', 'follower'],
  ['readonlyreplica', 'read_only_replica'],
  ['random', 'random'],
]);
/** Options by their name in lower case without - and _, as the client compares them. */
const OPTIONS = new Map(
  [
    'tls',
    'tlsCAFile',
    'tlsVerifyCert',
    'userCertFile',
    'userKeyFile',
    'nodePreference',
    'connectionName',
    'keepAliveInterval',
    'keepAliveTimeout',
    'maxDiscoverAttempts',
    'discoveryInterval',
    'gossipTimeout',
  ].map((name) => [flat(name), name]),
);

/** @throws EventStoreDbStartError naming what is wrong and where, never the text itself */
export function parseConnectionString(text: string): ConnectionTarget {
  const scheme = /^(esdb(?:\+discover)?):\/\//.exec(text);
  if (!scheme) throw wrong('it must start with esdb:// or esdb+discover://');
  const rest = text.slice(scheme[0].length).trim();
  const queryAt = rest.indexOf('?');
  const authority = (queryAt < 0 ? rest : rest.slice(0, queryAt)).replace(/\/+$/, '');
  const options = parseOptions(queryAt < 0 ? '' : rest.slice(queryAt + 1));
  const userEnd = authority.lastIndexOf('@');
  const hosts = authority
    .slice(userEnd + 1)
    .split(',')
    .map(parseHost);
  return {
    hosts,
    discover: scheme[1] === 'esdb+discover' || hosts.length > 1,
    user: userEnd < 0 ? undefined : parseUser(authority.slice(0, userEnd)),
    ...targetOptions(options),
  };
}

function targetOptions(
  options: ReadonlyMap<string, string>,
): Omit<ConnectionTarget, 'hosts' | 'discover' | 'user'> {
  if (flagOf(options, 'tlsVerifyCert') === false) {
    throw wrong('tlsVerifyCert=false is not possible; name the CA with EVENT_STORE_CA_FILE');
  }
  return {
    tls: flagOf(options, 'tls') ?? true,
    nodePreference: preferenceOf(options.get('nodePreference') ?? 'leader'),
    caFile: options.get('tlsCAFile'),
    userCertFile: options.get('userCertFile'),
    userKeyFile: options.get('userKeyFile'),
    connectionName: options.get('connectionName') ?? 'deltabook',
    keepAliveIntervalMs: countOf(options, 'keepAliveInterval'),
    keepAliveTimeoutMs: countOf(options, 'keepAliveTimeout'),
    discoverAttemptsMax: countOf(options, 'maxDiscoverAttempts') ?? 5,
    discoverIntervalMs: countOf(options, 'discoveryInterval') ?? 100,
    gossipTimeoutSeconds: countOf(options, 'gossipTimeout') ?? 2,
  };
}

function parseHost(text: string, index: number): Endpoint {
  const place = `host ${index + 1}`;
  const parts = /^([A-Za-z0-9._-]+)(?::(.*))?$/.exec(text.trim());
  if (!parts?.[1]) throw wrong(`${place} is not a host name or address`);
  const port = parts[2] === undefined ? DEFAULT_PORT : Number(parts[2]);
  const given = parts[2] ?? String(DEFAULT_PORT);
  if (!/^\d{1,5}$/.test(given) || port < 1 || port > 65_535) {
    throw wrong(`the port of ${place} is not a number from 1 to 65535`);
  }
  return { address: parts[1], port };
}

function parseUser(text: string): ConnectionTarget['user'] {
  const colonAt = text.indexOf(':');
  if (colonAt < 1) throw wrong('before the @ it needs user:password, both percent-encoded');
  return {
    username: decoded(text.slice(0, colonAt), 'the user'),
    password: decoded(text.slice(colonAt + 1), 'the password'),
  };
}

function parseOptions(query: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [key = '', value = ''] = pair.split('=', 2);
    const name = OPTIONS.get(flat(key));
    if (name === undefined) {
      const known = [...OPTIONS.values()].join(', ');
      throw wrong(`it has an option that is not known; known are ${known}`);
    }
    if (value === '') throw wrong(`option ${name} has no value`);
    options.set(name, decoded(value, `option ${name}`));
  }
  return options;
}

function flagOf(options: ReadonlyMap<string, string>, name: string): boolean | undefined {
  const value = options.get(name)?.toLowerCase();
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false') throw wrong(`option ${name} must be true or false`);
  return value === 'true';
}

function countOf(options: ReadonlyMap<string, string>, name: string): number | undefined {
  const value = options.get(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw wrong(`option ${name} must be a whole number`);
  return Number(value);
}

function preferenceOf(value: string): NodePreference {
  const preference = PREFERENCES.get(flat(value));
  if (preference) return preference;
  throw wrong('option nodePreference must be leader, follower, readOnlyReplica or random');
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong(`${what} is not percent-encoded correctly`);
  }
}

function flat(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

function wrong(what: string): EventStoreDbStartError {
  return new EventStoreDbStartError(
    'WRONG_CONNECTION_STRING',
    `setting EVENT_STORE is not a usable connection string: ${what}`,
  );
}
