// The checkpoint row: one for each CheckpointCommitted, never changed.
import { nanoOf, type CheckpointCommitted } from '@deltabook/domain';
import type { CheckpointRow } from '../read-models/checkpoint-rows';
import type { CustomerRow } from '../read-models/rows';

/** Whose checkpoint it is. */
export type CheckpointOwner = Pick<
  CustomerRow,
  'reference' | 'tenant' | 'environment' | 'customerId'
>;

/** The row of a checkpoint at `revision` of its customer's stream. */
export function checkpointRow(
  { reference, tenant, environment, customerId }: CheckpointOwner,
  event: CheckpointCommitted,
  revision: number,
): CheckpointRow {
  const { period, sequence, deltaCount, openingBalance, balance, proofRoot } = event;
  return {
    reference,
    tenant,
    environment,
    customerId,
    revision,
    period,
    sequence,
    deltaCount,
    openingNano: nanoOf(openingBalance),
    balanceNano: nanoOf(balance),
    proofRoot,
    committedAt: Date.parse(event.committedAt),
    supersedes: event.supersedes ?? null,
  };
}
