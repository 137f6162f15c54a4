// Checkpoints as replies carry them, from their events and from their rows.
import type { CheckpointOutcome, ListedCheckpoint } from '@deltabook/application';
import type { CheckpointFields, CheckpointReply } from '@deltabook/contracts';
import { checkpointId, formatNano, nanoOf, recordIdPrefix, timeText } from '@deltabook/domain';

/** A checkpoint that was committed now or is the period's already. */
export function checkpointReply(
  outcome: Exclude<CheckpointOutcome, { kind: 'refused' }>,
): CheckpointReply {
  const { kind, customer, checkpoint, position } = outcome;
  const { event, revision } = checkpoint;
  const fields = checkpointFields({
    reference: customer.reference,
    customerId: customer.customerId,
    revision,
    period: event.period,
    sequence: event.sequence,
    deltaCount: event.deltaCount,
    openingNano: nanoOf(event.openingBalance),
    balanceNano: nanoOf(event.balance),
    proofRoot: event.proofRoot,
    committedAt: Date.parse(event.committedAt),
    supersedes: event.supersedes ?? null,
    supersededBy: null,
  });
  return {
    ...fields,
    ...(kind === 'repeated' ? { idempotent: true } : {}),
    position: String(position),
  };
}

export function checkpointFields(
  row: Omit<ListedCheckpoint, 'tenant' | 'environment'>,
): CheckpointFields {
  const prefix = recordIdPrefix(row.reference);
  const idOf = (revision: number | null): string | null =>
    revision === null ? null : checkpointId(prefix, revision);
  const startingBalanceDecimal = formatNano(row.openingNano);
  const finalBalanceDecimal = formatNano(row.balanceNano);
  return {
    checkpointId: checkpointId(prefix, row.revision),
    customerId: row.customerId,
    customerReference: row.reference,
    period: row.period,
    status: 'VERIFIED',
    proofRoot: row.proofRoot,
    merkleRoot: row.proofRoot,
    itemsRoot: row.proofRoot,
    deltaCount: row.deltaCount,
    deltasCount: row.deltaCount,
    sequenceNumber: row.sequence,
    startingBalance: Number(startingBalanceDecimal),
    startingBalanceDecimal,
    finalBalance: Number(finalBalanceDecimal),
    finalBalanceDecimal,
    supersedes: idOf(row.supersedes),
    supersededBy: idOf(row.supersededBy),
    createdAt: timeText(row.committedAt),
  };
}
