// The customer that an operator names: by reference, or by tenant, environment and customerId.
import type { CustomerDirectory, Tenants } from '@deltabook/application';
import { customerStream, isReference, referenceHexOfStream } from '@deltabook/domain';
import { environmentOf, textOf } from './operator-arguments';
import { OperatorRefusal, type OperatorArgs } from './operator-handler';

export interface CustomerNaming {
  readonly tenants: Pick<Tenants, 'load'>;
  readonly customers: CustomerDirectory;
}

/**
 * Lower-case hex digits of the reference of the customer in `args`; whether it has a record is not
 * looked at. Throws OperatorRefusal for a tenant that is not known.
 */
export async function namedCustomer(args: OperatorArgs, naming: CustomerNaming): Promise<string> {
  const customer = textOf(args, 'customer');
  const reference = isReference(customer) ? customer : await referenceOf(customer, args, naming);
  return referenceHexOfStream(customerStream(reference)) ?? '';
}

async function referenceOf(
  customerId: string,
  args: OperatorArgs,
  { tenants, customers }: CustomerNaming,
): Promise<string> {
  const tenant = textOf(args, 'tenant');
  const environment = environmentOf(args);
  await tenants.load(tenant);
  const names = customers.names(tenant, environment, customerId);
  if (names) return names.reference;
  throw new OperatorRefusal(
    'TENANT_NOT_FOUND',
    `there is no tenant ${tenant}; list them with: deltabook tenants list`,
  );
}
