// Tenants and their keys in memory: folded from the events of tenant streams, whoever appended
// them.
import {
  evolveTenant,
  IDEMPOTENCY_KEY_DERIVATION,
  NO_TENANT,
  parseApiKey,
  parseTenantEvent,
  secretHashText,
  tenantOfStream,
  type ApiKey,
  type PlacedTenantEvent,
  type Tenant,
} from '@deltabook/domain';
import type { RecordedEvent } from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';
import type { AccessPrimitives } from './access-primitives';
import type { Principal, TenantDirectory, TenantKeys } from './principal';

interface ActiveKey {
  readonly secretHash: string;
  readonly principal: Principal;
  /** The key text that was found right, while it is in the cache. */
  checkedText?: string;
}

/** The events that arrived while the directory was being filled wait here. */
type Waiting = (readonly RecordedEvent[])[];

/** What of the read store feeds a directory. */
export type DirectorySource = Pick<ReadStore, 'directoryEvents' | 'onDirectoryEvents' | 'progress'>;

export class TenantDirectoryInMemory implements TenantDirectory {
  private source: DirectorySource | undefined;
  private readonly tenants = new Map<string, Tenant>();
  private readonly macs = new Map<string, TenantKeys>();
  /** By public key; a list, since two tenants could be given keys of one public id. */
  private readonly activeKeys = new Map<string, readonly ActiveKey[]>();
  /**
   * Key texts that were found right, so that a request costs one look-up and no hash. Only right
   * ones are kept: a flood of wrong ones can neither fill nor flush it. A look-up compares texts
   * only after their hashes under the engine's random seed agree, which a guess cannot bring about.
   */
  private readonly checked = new Map<string, ActiveKey>();

  constructor(
    private readonly primitives: Omit<AccessPrimitives, 'randomHex'>,
    private readonly checkedKeysMax: number,
  ) {}

  authenticate(presentedKey: string): Principal | undefined {
    const checked = this.checked.get(presentedKey);
    if (checked) return checked.principal;
    const presented = parseApiKey(presentedKey);
    const candidates = presented && this.activeKeys.get(presented.publicKey);
    if (!candidates) return undefined;
    const { sha256Hex, sameHash } = this.primitives;
    const hash = sha256Hex(secretHashText(presented.publicKey, presented.secret));
    const key = candidates.find(({ secretHash }) => sameHash(secretHash, hash));
    if (key) this.remember(presentedKey, key);
    return key?.principal;
  }

  keysOf(tenant: string): TenantKeys | undefined {
    return this.macs.get(tenant);
  }

  isComplete(): boolean {
    return this.source?.progress().ready ?? false;
  }

  /** State of a tenant as far as its events have come here. */
  tenant(name: string): Tenant {
    return this.tenants.get(name) ?? NO_TENANT;
  }

  /** All tenants, in the order of their creation. */
  all(): readonly Extract<Tenant, { status: 'open' }>[] {
    return [...this.tenants.values()].flatMap((tenant) => (tenant.status === 'open' ? tenant : []));
  }

  /**
   * Folds stored events of any streams, in the order of their streams; those seen before are
   * ignored. Throws UnreadableEventError at an event of a newer build: keys must not be half known.
   */
  apply(events: readonly RecordedEvent[]): void {
    for (const [name, recorded] of byTenant(events)) {
      const before = this.tenant(name);
      const seen = before.status === 'open' ? before.revision : -1;
      const placed = recorded
        .filter(({ revision }) => revision > seen)
        .map(({ type, data, revision }) => ({ event: parseTenantEvent(type, data), revision }));
      // What follows a gap is left alone: it comes again with what is missing.
      const next = placed.filter(({ revision }, i) => revision === seen + 1 + i);
      if (next.length > 0) this.fold(name, before, next);
    }
  }

  /** Fills the directory from the read store and keeps it current; resolves once it is filled. */
  async follow(readStore: DirectorySource): Promise<void> {
    this.source = readStore;
    let waiting: Waiting | undefined = [];
    readStore.onDirectoryEvents((events) => {
      if (waiting) waiting.push(events);
      else this.apply(events);
    });
    this.apply(await readStore.directoryEvents());
    for (const events of waiting) this.apply(events);
    waiting = undefined;
  }

  private fold(name: string, before: Tenant, placed: readonly PlacedTenantEvent[]): void {
    const after = evolveTenant(before, placed);
    this.tenants.set(name, after);
    if (after.status === 'absent') return;
    if (!this.macs.has(name)) this.macs.set(name, this.tenantKeys(after.referenceKey));
    for (const { event } of placed) {
      const key = 'keyId' in event ? after.keys.get(event.keyId) : undefined;
      if (key) this.activate(name, key);
    }
  }

  /** Makes a key usable, or useless at once when it is revoked. */
  private activate(tenant: string, key: ApiKey): void {
    const { keyId, environment, scopes, secretHash, publicKey } = key;
    const before = this.activeKeys.get(publicKey) ?? [];
    const others = before.filter(({ principal }) => principal.keyId !== keyId);
    for (const { principal, checkedText } of before) {
      if (principal.keyId === keyId && checkedText !== undefined) this.checked.delete(checkedText);
    }
    const principal = { tenant, environment, scopes, keyId };
    const after = key.revokedAt === undefined ? [...others, { secretHash, principal }] : others;
    if (after.length > 0) this.activeKeys.set(publicKey, after);
    else this.activeKeys.delete(publicKey);
  }

  private remember(presentedKey: string, key: ActiveKey): void {
    if (this.checked.size >= this.checkedKeysMax) this.checked.clear();
    key.checkedText = presentedKey;
    this.checked.set(presentedKey, key);
  }

  private tenantKeys(referenceKey: string): TenantKeys {
    const referenceHmac = this.primitives.hmacUnder(referenceKey);
    const idempotencyKey = referenceHmac(IDEMPOTENCY_KEY_DERIVATION);
    return { referenceHmac, idempotencyHmac: this.primitives.hmacUnder(idempotencyKey) };
  }
}

function byTenant(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const groups = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const tenant = tenantOfStream(event.stream);
    if (tenant === undefined) continue;
    const group = groups.get(tenant);
    if (group) group.push(event);
    else groups.set(tenant, [event]);
  }
  return groups;
}
