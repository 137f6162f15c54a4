// Checkpoints as replies carry them: from their events, from their rows, and those for all
// customers from how they stand.
import type {
  CheckpointOutcome,
  CheckpointProgress,
  CheckpointsStanding,
  FoundCheckpoint,
  ListedCheckpoint,
  Position,
} from '@deltabook/application';
import type { CheckpointFields, CheckpointReply, CheckpointsReply } from '@deltabook/contracts';
import {
  checkpointId,
  formatNano,
  nanoOf,
  recordIdPrefix,
  timeText,
  type CheckpointsCompleted,
  type CheckpointsRequest,
  type PlacedCheckpoint,
} from '@deltabook/domain';

/** A checkpoint that was committed now or is the period's already. */
export function checkpointReply(
  outcome: Exclude<CheckpointOutcome, { kind: 'refused' }>,
): CheckpointReply {
  const { kind, customer, checkpoint, position } = outcome;
  return {
    ...fieldsOf(checkpoint, customer, null),
    ...(kind === 'repeated' ? { idempotent: true } : {}),
    position: String(position),
  };
}

/** A checkpoint that was asked for by its id, or those for all customers. */
export function foundCheckpointReply(
  found: FoundCheckpoint,
  position: Position,
): CheckpointReply | CheckpointsReply {
  if (found.kind === 'all') return checkpointsReply(found.standing, position);
  const fields = fieldsOf(found.checkpoint, found, found.supersededBy);
  return { ...fields, position: String(position) };
}

export function checkpointsReply(
  { id, request, progress }: CheckpointsStanding,
  position: Position,
): CheckpointsReply {
  const { requested, completed } = request;
  return {
    checkpointId: id,
    period: requested.period,
    status: statusOf(request, progress),
    progress: completed ? progressOf(completed) : (progress ?? null),
    createdAt: requested.requestedAt,
    completedAt: completed?.completedAt ?? null,
    position: String(position),
  };
}

function statusOf(
  { completed }: CheckpointsRequest,
  progress: CheckpointProgress | undefined,
): CheckpointsReply['status'] {
  if (completed) return 'VERIFIED';
  const seen = progress ? progress.committed + progress.empty + progress.fenced : 0;
  return seen > 0 ? 'PROCESSING' : 'QUEUED';
}

function progressOf({ committed, empty, fenced }: CheckpointsCompleted): CheckpointProgress {
  return { customers: committed + empty + fenced, committed, empty, fenced };
}

function fieldsOf(
  { event, revision }: PlacedCheckpoint,
  { customerId, reference }: { readonly customerId: string; readonly reference: string },
  supersededBy: number | null,
): CheckpointFields {
  return checkpointFields({
    reference,
    customerId,
    revision,
    period: event.period,
    sequence: event.sequence,
    deltaCount: event.deltaCount,
    openingNano: nanoOf(event.openingBalance),
    balanceNano: nanoOf(event.balance),
    proofRoot: event.proofRoot,
    committedAt: Date.parse(event.committedAt),
    supersedes: event.supersedes ?? null,
    supersededBy,
  });
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
