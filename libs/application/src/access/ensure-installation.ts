// What every start makes sure of: the log has a name and an id, tenant "default" exists, and
// someone has a key. Several processes may start at once: expected revisions let one of them do
// each step.
import {
  INSTALLATION_STREAM,
  installationEventText,
  LOG_CREATED,
  LOG_FORMAT,
  parseApiKey,
  parseInstallationEvent,
  SCOPES,
  secretHashText,
  timeText,
  type LogCreated,
  type PresentedKey,
  type Tenant,
  type TenantDecision,
} from '@deltabook/domain';
import { NO_STREAM, type EventStore } from '../ports/event-store.port';
import type { AccessPrimitives } from './access-primitives';
import { appendOne, type AppendRetry } from './append-one';
import type { TenantDirectoryInMemory } from './tenant-directory';
import type { AccessOrigin, Tenants } from './tenants';

/** The tenant of an installation that nobody gave another one. */
export const DEFAULT_TENANT = 'default';

const LOG_ID_BYTES = 16;
const CORRELATION_BYTES = 8;

export interface InstallationParts {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly tenants: Tenants;
  readonly directory: TenantDirectoryInMemory;
  readonly primitives: AccessPrimitives;
  readonly retry: AppendRetry;
}

export interface InstallationOptions {
  /** Name of a new installation; one that exists keeps its own. */
  readonly installationName: string;
  /** Key text to be added to tenant "default"; '' for none. */
  readonly apiKey: string;
  /** Whether a first key may be issued where there is none. */
  readonly issueFirstKey: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Installation {
  readonly log: LogCreated;
  /** Text of the first key, to be shown once on the terminal; undefined when none was issued. */
  readonly firstKey: string | undefined;
  /** What became of the given key; revoked: it was taken back and stays so. */
  readonly apiKey: 'none' | 'added' | 'present' | 'revoked';
}

/** The installation cannot be used as it is set up; the message is the one line to print. */
export class InstallationError extends Error {
  readonly code = 'INSTALLATION_UNUSABLE';
}

/**
 * Idempotent; resolves when all of it is durable. Throws InstallationError when a newer build wrote
 * the log, the given key cannot be added or the store takes no writes.
 */
export async function ensureInstallation(
  parts: InstallationParts,
  options: InstallationOptions,
): Promise<Installation> {
  const correlationId = parts.primitives.randomHex(CORRELATION_BYTES);
  const origin = { door: 'start', actor: 'installation', correlationId, now: options.now } as const;
  const log = await ensureLog(parts, options, origin);
  const created = await parts.tenants.create(origin, { tenant: DEFAULT_TENANT });
  if (created.kind === 'refused' && created.code !== 'TENANT_EXISTS') throw stopped(created.code);
  const apiKey = await ensureGivenKey(parts, options, origin);
  const wanted = apiKey === 'none' && options.issueFirstKey;
  return { log, firstKey: wanted ? await firstKey(parts, origin) : undefined, apiKey };
}

async function ensureLog(
  { store, primitives, retry }: InstallationParts,
  { installationName }: InstallationOptions,
  { correlationId, door, actor, now }: AccessOrigin,
): Promise<LogCreated> {
  const existing = await readLog(store);
  if (existing) return existing;
  const event: LogCreated = {
    type: LOG_CREATED,
    v: 1,
    logId: primitives.randomHex(LOG_ID_BYTES),
    installation: installationName,
    format: LOG_FORMAT,
    createdAt: timeText(now),
  };
  const metadata = JSON.stringify({ correlationId, door, actor });
  const events = [{ type: LOG_CREATED, data: installationEventText(event), metadata }];
  const append = { stream: INSTALLATION_STREAM, expectedRevision: NO_STREAM, events };
  const outcome = await appendOne(store, append, retry);
  if (outcome.kind === 'appended') return event;
  const other = outcome.kind === 'conflict' ? await readLog(store) : undefined;
  if (!other) throw stopped(outcome.kind === 'full' ? 'STORE_FULL' : 'STORE_UNAVAILABLE');
  return other;
}

/** What the log says of itself. Throws InstallationError where there is no such log. */
export async function readLogCreated(store: Pick<EventStore, 'readStream'>): Promise<LogCreated> {
  const log = await readLog(store);
  if (log) return log;
  throw new InstallationError('the log is empty; start the service once');
}

async function readLog(store: Pick<EventStore, 'readStream'>): Promise<LogCreated | undefined> {
  const range = { from: 0, direction: 'forwards', limit: 1 } as const;
  const [first] = await store.readStream(INSTALLATION_STREAM, range);
  if (!first) return undefined;
  const log = parseInstallationEvent(first.type, first.data);
  if (log.type !== LOG_CREATED)
    throw new InstallationError('the log does not begin with LogCreated');
  if (log.format <= LOG_FORMAT) return log;
  throw new InstallationError(
    `the log has format ${log.format}, this build knows ${LOG_FORMAT}; run a newer version`,
  );
}

/** Adds the given key unless it is there; a revoked one stays revoked. */
async function ensureGivenKey(
  parts: InstallationParts,
  options: InstallationOptions,
  origin: AccessOrigin,
): Promise<Installation['apiKey']> {
  if (options.apiKey === '') return 'none';
  const given = parseApiKey(options.apiKey);
  if (!given) {
    throw new InstallationError(
      'DELTABOOK_API_KEY must be pk_test_<id>.<secret> or pk_live_<id>.<secret>' +
        ' with a secret of 32 to 128 letters, digits, - or _',
    );
  }
  let found: Installation['apiKey'] = 'added';
  const admit = (tenant: Tenant): TenantDecision | undefined => {
    found = presenceOf(given, tenant, parts);
    return found === 'added' ? undefined : { kind: 'unchanged' };
  };
  const request = {
    tenant: DEFAULT_TENANT,
    environment: given.environment,
    scopes: SCOPES,
    name: 'DELTABOOK_API_KEY',
  };
  const outcome = await parts.tenants.addKey(origin, request, given, admit);
  if (outcome.kind === 'refused' && found === 'added') throw stopped(outcome.code);
  return found;
}

function presenceOf(
  { publicKey, secret }: PresentedKey,
  tenant: Tenant,
  { directory, primitives }: InstallationParts,
): 'added' | 'present' | 'revoked' {
  const keys = tenant.status === 'open' ? [...tenant.keys.values()] : [];
  const known = keys.find((key) => key.publicKey === publicKey);
  const elsewhere = directory.all().some((other) => {
    if (other.tenant === DEFAULT_TENANT) return false;
    return [...other.keys.values()].some((key) => key.publicKey === publicKey);
  });
  const hash = primitives.sha256Hex(secretHashText(publicKey, secret));
  if (elsewhere || (known && !primitives.sameHash(known.secretHash, hash))) {
    throw new InstallationError(
      `DELTABOOK_API_KEY: another key is called ${publicKey}; choose another id before the dot`,
    );
  }
  if (!known) return 'added';
  return known.revokedAt === undefined ? 'present' : 'revoked';
}

/** Text of the installation's first key; undefined when there ever was one. */
async function firstKey(
  { tenants, directory }: InstallationParts,
  origin: AccessOrigin,
): Promise<string | undefined> {
  if (directory.all().some(({ keys }) => keys.size > 0)) return undefined;
  const request = {
    tenant: DEFAULT_TENANT,
    environment: 'sandbox',
    scopes: SCOPES,
    name: 'first key',
  } as const;
  const admit = (tenant: Tenant): TenantDecision | undefined =>
    tenant.status === 'open' && tenant.keys.size > 0 ? { kind: 'unchanged' } : undefined;
  const outcome = await tenants.issueKey(origin, request, admit);
  if (outcome.kind === 'issued') return outcome.fullKey;
  if (outcome.code === 'API_KEY_EXISTS') return undefined;
  throw stopped(outcome.code);
}

function stopped(code: string): InstallationError {
  return new InstallationError(
    `the installation could not be set up: the event store said ${code}`,
  );
}
