// Events of a tenant's stream as they are stored: who it is, which API keys it has and when
// checkpoints of all its customers were asked for. Types, versions and texts are constants for
// ever; test/golden holds one of each version.
import type { Environment } from '../identity/names';
import { UnreadableEventError } from '../ledger/events';
import type { Scope } from './api-key';

export const TENANT_CREATED = 'TenantCreated';
export const API_KEY_ISSUED = 'ApiKeyIssued';
export const API_KEY_REVOKED = 'ApiKeyRevoked';
export const CHECKPOINTS_REQUESTED = 'CheckpointsRequested';
export const CHECKPOINTS_COMPLETED = 'CheckpointsCompleted';

const STREAM_CATEGORY = 'tenant-';

/** First event of a tenant's stream. */
export interface TenantCreated {
  readonly type: typeof TENANT_CREATED;
  readonly v: 1;
  readonly tenant: string;
  /** 64 hex digits: what customer references and idempotency marks are made under. */
  readonly referenceKey: string;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly createdAt: string;
}

export interface ApiKeyIssued {
  readonly type: typeof API_KEY_ISSUED;
  readonly v: 1;
  /** `key_…`: names the key in replies, logs and event metadata. */
  readonly keyId: string;
  /** The part of the key between `pk_test_` or `pk_live_` and the dot. */
  readonly publicId: string;
  readonly environment: Environment;
  readonly scopes: readonly Scope[];
  readonly name: string;
  /** SHA-256 (64 hex digits) of secretHashText(). */
  readonly secretHash: string;
  readonly issuedAt: string;
}

export interface ApiKeyRevoked {
  readonly type: typeof API_KEY_REVOKED;
  readonly v: 1;
  readonly keyId: string;
  readonly revokedAt: string;
}

/** Checkpoints of a period are wanted for every customer of an environment. */
export interface CheckpointsRequested {
  readonly type: typeof CHECKPOINTS_REQUESTED;
  readonly v: 1;
  readonly environment: Environment;
  /** YYYY-MM. */
  readonly period: string;
  /** Deltas of all customers that were recorded when it was asked for. */
  readonly recordedDeltas: number;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly requestedAt: string;
}

/** Every customer has its checkpoint, or was left out for a reason that is counted here. */
export interface CheckpointsCompleted {
  readonly type: typeof CHECKPOINTS_COMPLETED;
  readonly v: 1;
  /** Revision of the CheckpointsRequested that this answers. */
  readonly request: number;
  /** Customers with a checkpoint of the period. */
  readonly committed: number;
  /** Customers that had no delta before the end of the period. */
  readonly empty: number;
  /** Customers whose history failed verification: they have none. */
  readonly fenced: number;
  readonly completedAt: string;
}

export type TenantEvent =
  TenantCreated | ApiKeyIssued | ApiKeyRevoked | CheckpointsRequested | CheckpointsCompleted;

/** Name of the tenant's stream. */
export function tenantStream(tenant: string): string {
  return STREAM_CATEGORY + tenant;
}

/** The tenant that a stream belongs to; undefined for other streams. */
export function tenantOfStream(stream: string): string | undefined {
  return stream.startsWith(STREAM_CATEGORY) ? stream.slice(STREAM_CATEGORY.length) : undefined;
}

/** Text stored for an event of a tenant. */
export function tenantEventText(event: TenantEvent): string {
  switch (event.type) {
    case TENANT_CREATED: {
      const { v, tenant, referenceKey, createdAt } = event;
      return JSON.stringify({ v, tenant, referenceKey, createdAt });
    }
    case API_KEY_ISSUED: {
      const { v, keyId, publicId, environment, scopes, name, secretHash, issuedAt } = event;
      const key = { keyId, publicId, environment, scopes, name, secretHash, issuedAt };
      return JSON.stringify({ v, ...key });
    }
    case API_KEY_REVOKED: {
      const { v, keyId, revokedAt } = event;
      return JSON.stringify({ v, keyId, revokedAt });
    }
    case CHECKPOINTS_REQUESTED: {
      const { v, environment, period, recordedDeltas, requestedAt } = event;
      return JSON.stringify({ v, environment, period, recordedDeltas, requestedAt });
    }
    case CHECKPOINTS_COMPLETED: {
      const { v, request, committed, empty, fenced, completedAt } = event;
      return JSON.stringify({ v, request, committed, empty, fenced, completedAt });
    }
  }
}

const TENANT_EVENTS: readonly string[] = [
  TENANT_CREATED,
  API_KEY_ISSUED,
  API_KEY_REVOKED,
  CHECKPOINTS_REQUESTED,
  CHECKPOINTS_COMPLETED,
];

/** Reads a stored event of a tenant; throws UnreadableEventError for an unknown type or version. */
export function parseTenantEvent(type: string, data: string): TenantEvent {
  const stored = JSON.parse(data) as { v?: unknown };
  if (!TENANT_EVENTS.includes(type) || stored.v !== 1) {
    throw new UnreadableEventError(type, stored.v);
  }
  return { ...stored, type } as TenantEvent;
}
