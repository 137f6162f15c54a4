// Names of what is kept of a customer, so that live updates know what to change.

export type CustomerPart = 'record' | 'history' | 'activity' | 'checkpoints' | 'receipt';

export function customerKey(
  customerId: string,
  part: CustomerPart,
  more: object = {},
): readonly unknown[] {
  return ['customer', customerId, part, more];
}
