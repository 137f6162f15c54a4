// What becomes of commands on a tenant: pure functions of the command and the tenant's state.
import { isName } from '../identity/names';
import { timeText, type EventText } from '../ledger/decide';
import { isApiKeyName, publicKeyOf, SCOPES } from './api-key';
import {
  API_KEY_ISSUED,
  API_KEY_REVOKED,
  TENANT_CREATED,
  tenantEventText,
  type ApiKeyIssued,
  type TenantEvent,
} from './tenant-events';
import type { Tenant } from './tenant';

/** Keys of one tenant that may be active at once. */
export const ACTIVE_API_KEYS_MAX = 1_000;

const REFERENCE_KEY = /^[0-9a-f]{64}$/;

export interface CreateTenant {
  readonly tenant: string;
  /** 64 hex digits, given or random. */
  readonly referenceKey: string;
  /** Milliseconds since the epoch, stamped at the door. */
  readonly now: number;
}

/** The key to issue; ids and the hash of the secret come in as data. */
export interface IssueApiKey extends Omit<ApiKeyIssued, 'type' | 'v' | 'issuedAt'> {
  readonly now: number;
}

export interface RevokeApiKey {
  readonly keyId: string;
  readonly now: number;
}

export type TenantRefusalCode =
  | 'INVALID_TENANT_NAME'
  | 'INVALID_REFERENCE_KEY'
  | 'TENANT_EXISTS'
  | 'TENANT_NOT_FOUND'
  | 'INVALID_API_KEY_NAME'
  | 'INVALID_SCOPES'
  | 'API_KEY_EXISTS'
  | 'API_KEY_NOT_FOUND'
  | 'TOO_MANY_API_KEYS'
  | 'PERIOD_IN_FUTURE';

export type TenantDecision =
  | { readonly kind: 'changed'; readonly event: TenantEvent; readonly text: EventText }
  /** What was asked for is so already: nothing to append. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: TenantRefusalCode };

/** Creates a tenant that does not exist yet. */
export function decideCreateTenant(command: CreateTenant, tenant: Tenant): TenantDecision {
  if (!isName(command.tenant)) return refused('INVALID_TENANT_NAME');
  if (!REFERENCE_KEY.test(command.referenceKey)) return refused('INVALID_REFERENCE_KEY');
  if (tenant.status === 'open') return refused('TENANT_EXISTS');
  return changed({
    type: TENANT_CREATED,
    v: 1,
    tenant: command.tenant,
    referenceKey: command.referenceKey,
    createdAt: timeText(command.now),
  });
}

/** Issues a key; its id and its public key must be new to the tenant, revoked keys included. */
export function decideIssueApiKey(command: IssueApiKey, tenant: Tenant): TenantDecision {
  if (tenant.status === 'absent') return refused('TENANT_NOT_FOUND');
  if (!isApiKeyName(command.name)) return refused('INVALID_API_KEY_NAME');
  const scopes = SCOPES.filter((scope) => command.scopes.includes(scope));
  if (scopes.length === 0 || scopes.length !== command.scopes.length) {
    return refused('INVALID_SCOPES');
  }
  const publicKey = publicKeyOf(command.environment, command.publicId);
  const keys = [...tenant.keys.values()];
  if (keys.some((key) => key.keyId === command.keyId || key.publicKey === publicKey)) {
    return refused('API_KEY_EXISTS');
  }
  const active = keys.filter(({ revokedAt }) => revokedAt === undefined);
  if (active.length >= ACTIVE_API_KEYS_MAX) return refused('TOO_MANY_API_KEYS');
  const { now, ...key } = command;
  return changed({ ...key, type: API_KEY_ISSUED, v: 1, scopes, issuedAt: timeText(now) });
}

/** Revokes a key for ever; revoking it again changes nothing. */
export function decideRevokeApiKey(command: RevokeApiKey, tenant: Tenant): TenantDecision {
  if (tenant.status === 'absent') return refused('TENANT_NOT_FOUND');
  const key = tenant.keys.get(command.keyId);
  if (!key) return refused('API_KEY_NOT_FOUND');
  if (key.revokedAt !== undefined) return { kind: 'unchanged' };
  const { keyId, now } = command;
  return changed({ type: API_KEY_REVOKED, v: 1, keyId, revokedAt: timeText(now) });
}

export function changed(event: TenantEvent): TenantDecision {
  return { kind: 'changed', event, text: { type: event.type, data: tenantEventText(event) } };
}

export function refused(code: TenantRefusalCode): TenantDecision {
  return { kind: 'refused', code };
}
