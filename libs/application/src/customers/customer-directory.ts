// Names of customers: computed, never stored, so a bounded cache is all there is to keep.
import {
  checksumCased,
  customerReference,
  recordIdPrefix,
  type Environment,
  type KeccakHex,
} from '@deltabook/domain';
import type { TenantDirectory } from '../access/principal';
import type { CustomerNames } from '../commands/emit-delta/emit-delta.command';

/**
 * Computes and remembers customer references; two generations of at most half of `cachedMax` each.
 */
export class CustomerDirectory {
  private current = new Map<string, CustomerNames>();
  private previous = new Map<string, CustomerNames>();

  constructor(
    private readonly tenants: TenantDirectory,
    private readonly keccak256: KeccakHex,
    private readonly cachedMax: number,
  ) {}

  /** Names of a customer, whether or not it has a record; undefined when the tenant is unknown. */
  names(tenant: string, environment: Environment, customerId: string): CustomerNames | undefined {
    const scope = `${tenant}\0${environment}\0${customerId}`;
    const known = this.current.get(scope) ?? this.previous.get(scope);
    if (known) return known;
    const keys = this.tenants.keysOf(tenant);
    if (!keys) return undefined;
    const { referenceHmac } = keys;
    const reference = customerReference(environment, customerId, {
      referenceHmac,
      keccak256: this.keccak256,
    });
    const names = { customerId, reference, recordIdPrefix: recordIdPrefix(reference) };
    this.remember(scope, names);
    return names;
  }

  /** The customer reference, checksum-cased, of 40 lower-case hex as a recordId holds them. */
  referenceOf(referenceHex: string): string {
    return checksumCased(referenceHex, this.keccak256);
  }

  private remember(scope: string, names: CustomerNames): void {
    if (this.current.size >= this.cachedMax / 2) {
      this.previous = this.current;
      this.current = new Map();
    }
    this.current.set(scope, names);
  }
}
