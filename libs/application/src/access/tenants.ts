// Changes to tenants and their keys: load, decide, append with the expected revision, and decide
// again when someone else was faster.
import {
  apiKeyText,
  decideCreateTenant,
  decideIssueApiKey,
  decideRevokeApiKey,
  publicKeyOf,
  secretHashText,
  tenantStream,
  type ApiKey,
  type Environment,
  type PresentedKey,
  type Scope,
  type Tenant,
  type TenantDecision,
  type TenantRefusalCode,
} from '@deltabook/domain';
import {
  NO_STREAM,
  STREAM_PAGE_MAX,
  type AppendOutcome,
  type EventStore,
  type Position,
} from '../ports/event-store.port';
import type { AccessPrimitives } from './access-primitives';
import { apiKeyView, type ApiKeyView } from './api-key-view';
import { appendOne, type AppendRetry } from './append-one';
import type { TenantDirectoryInMemory } from './tenant-directory';

const PUBLIC_ID_BYTES = 8;
const SECRET_BYTES = 24;
const KEY_ID_BYTES = 12;
const REFERENCE_KEY_BYTES = 32;

/** Where a command on tenants came from; goes into the metadata of its event. */
export interface AccessOrigin {
  readonly door: 'http' | 'operator' | 'start' | 'job';
  /** Key id of the operator, or who else acts. */
  readonly actor: string;
  readonly correlationId: string;
  /** Milliseconds since the epoch, stamped at the door. */
  readonly now: number;
}

export interface ApiKeyRequest {
  readonly tenant: string;
  readonly environment: Environment;
  readonly scopes: readonly Scope[];
  readonly name: string;
}

export type AccessRefusalCode =
  TenantRefusalCode | 'STORE_FULL' | 'STORE_UNAVAILABLE' | 'CONTENTION';

export interface AccessRefusal {
  readonly kind: 'refused';
  readonly code: AccessRefusalCode;
}

/** The tenant as it is after the command; no position when nothing had to change. */
export interface TenantChanged {
  readonly kind: 'done';
  readonly tenant: Tenant;
  readonly position: Position | undefined;
}

export type IssueOutcome =
  | AccessRefusal
  /** `fullKey` is the only copy of the secret there will ever be. */
  | { readonly kind: 'issued'; readonly key: ApiKeyView; readonly fullKey: string };

export type RevokeOutcome = AccessRefusal | { readonly kind: 'revoked'; readonly key: ApiKeyView };

/** Sees the tenant before each decision, and may take that decision's place. */
export type Admit = (tenant: Tenant) => TenantDecision | undefined;

export interface TenantsParts {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly directory: TenantDirectoryInMemory;
  readonly primitives: AccessPrimitives;
  readonly retry: AppendRetry;
  /** Times a command is decided again because its tenant changed meanwhile. */
  readonly conflictRetriesMax: number;
}

export class Tenants {
  constructor(private readonly parts: TenantsParts) {}

  /** Creates a tenant, with a random reference key (64 hex digits) when none is given. */
  create(
    origin: AccessOrigin,
    request: { readonly tenant: string; readonly referenceKey?: string | undefined },
  ): Promise<TenantChanged | AccessRefusal> {
    const { tenant, referenceKey = this.parts.primitives.randomHex(REFERENCE_KEY_BYTES) } = request;
    const command = { tenant, referenceKey, now: origin.now };
    return this.change(tenant, origin, (state) => decideCreateTenant(command, state));
  }

  /** Issues a random key. */
  issueKey(origin: AccessOrigin, request: ApiKeyRequest, admit?: Admit): Promise<IssueOutcome> {
    const { randomHex } = this.parts.primitives;
    const { environment } = request;
    const publicKey = publicKeyOf(environment, randomHex(PUBLIC_ID_BYTES));
    const given = { environment, publicKey, secret: randomHex(SECRET_BYTES) };
    return this.addKey(origin, request, given, admit);
  }

  /** Adds a key whose text is given; API_KEY_EXISTS when `admit` wants the tenant unchanged. */
  async addKey(
    origin: AccessOrigin,
    request: ApiKeyRequest,
    given: PresentedKey,
    admit: Admit = () => undefined,
  ): Promise<IssueOutcome> {
    const { sha256Hex, randomHex } = this.parts.primitives;
    const { tenant, scopes, name } = request;
    const { environment, publicKey, secret } = given;
    const keyId = `key_${randomHex(KEY_ID_BYTES)}`;
    const publicId = publicKey.slice(publicKeyOf(environment, '').length);
    const secretHash = sha256Hex(secretHashText(publicKey, secret));
    const key = { keyId, publicId, environment, scopes, name, secretHash, now: origin.now };
    const outcome = await this.change(
      tenant,
      origin,
      (state) => admit(state) ?? decideIssueApiKey(key, state),
    );
    if (outcome.kind === 'refused') return outcome;
    const issued = keyIn(outcome.tenant, keyId);
    if (!issued) return { kind: 'refused', code: 'API_KEY_EXISTS' };
    return { kind: 'issued', key: apiKeyView(issued), fullKey: apiKeyText(publicKey, secret) };
  }

  /** Revokes a key; of this process at once, of others as their read stores see it. */
  async revokeKey(
    origin: AccessOrigin,
    request: { readonly tenant: string; readonly keyId: string },
  ): Promise<RevokeOutcome> {
    const { tenant, keyId } = request;
    const command = { keyId, now: origin.now };
    const outcome = await this.change(tenant, origin, (state) =>
      decideRevokeApiKey(command, state),
    );
    if (outcome.kind === 'refused') return outcome;
    const key = keyIn(outcome.tenant, keyId);
    if (!key) return { kind: 'refused', code: 'API_KEY_NOT_FOUND' };
    return { kind: 'revoked', key: apiKeyView(key) };
  }

  /**
   * Keys of a tenant in the order of their issue, revoked ones too; undefined without such a
   * tenant.
   */
  async keys(tenant: string): Promise<readonly ApiKeyView[] | undefined> {
    const state = await this.load(tenant);
    return state.status === 'open' ? [...state.keys.values()].map(apiKeyView) : undefined;
  }

  /**
   * State with every event that is acknowledged by now: what is known here, and the rest of the
   * stream.
   */
  async load(name: string): Promise<Tenant> {
    const { directory, store } = this.parts;
    for (;;) {
      const from = revisionOf(directory.tenant(name)) + 1;
      const range = { from, direction: 'forwards', limit: STREAM_PAGE_MAX } as const;
      const events = await store.readStream(tenantStream(name), range);
      directory.apply(events);
      if (events.length < STREAM_PAGE_MAX) return directory.tenant(name);
    }
  }

  /** Decides on the tenant as it is now, and again when someone else was faster. */
  async change(
    name: string,
    origin: AccessOrigin,
    decide: (tenant: Tenant) => TenantDecision,
  ): Promise<TenantChanged | AccessRefusal> {
    const { store, directory, retry } = this.parts;
    const stream = tenantStream(name);
    for (let retries = 0; retries <= this.parts.conflictRetriesMax; retries += 1) {
      const tenant = await this.load(name);
      const decision = decide(tenant);
      if (decision.kind === 'refused') return decision;
      if (decision.kind === 'unchanged') return { kind: 'done', tenant, position: undefined };
      const event = { ...decision.text, metadata: metadataText(origin) };
      const append = { stream, expectedRevision: revisionOf(tenant), events: [event] };
      const outcome = await appendOne(store, append, retry);
      if (outcome.kind === 'conflict') continue;
      if (outcome.kind !== 'appended') return { kind: 'refused', code: refusalOf(outcome) };
      const { revision, position } = outcome;
      directory.apply([{ ...event, stream, revision, position }]);
      return { kind: 'done', tenant: directory.tenant(name), position };
    }
    return { kind: 'refused', code: 'CONTENTION' };
  }
}

function revisionOf(tenant: Tenant): number {
  return tenant.status === 'open' ? tenant.revision : NO_STREAM;
}

function keyIn(tenant: Tenant, keyId: string): ApiKey | undefined {
  return tenant.status === 'open' ? tenant.keys.get(keyId) : undefined;
}

function metadataText({ correlationId, door, actor }: AccessOrigin): string {
  return JSON.stringify({ correlationId, door, actor });
}

function refusalOf(outcome: AppendOutcome): AccessRefusalCode {
  return outcome.kind === 'full' ? 'STORE_FULL' : 'STORE_UNAVAILABLE';
}
