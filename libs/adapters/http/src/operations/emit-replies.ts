// Replies of writes, put together as text: they are made for every write, and JSON.stringify of an
// object with as many members takes several times as long. A spec holds them equal to the contract.
import type { DeltaRequest, EmitOutcome } from '@deltabook/application';
import { formatNano, recordId } from '@deltabook/domain';

export type Accepted = Exclude<EmitOutcome, { kind: 'refused' }>;

/** Members that a single write and an item of a batch share; ids and decimals need no escaping. */
function recordedMembers(
  { customer, delta, position, kind, status }: Accepted,
  decimal: string,
): string {
  const id = recordId(customer.recordIdPrefix, delta.revision);
  const balance = formatNano(delta.balanceNano);
  return (
    `"recordId":"${id}","anchorId":"${id}","receiptId":"${delta.receiptId}",` +
    `"customerId":"${customer.customerId}","delta":${decimal},"deltaDecimal":"${decimal}",` +
    `"status":"${status}","computedBalance":${balance},"computedBalanceDecimal":"${balance}",` +
    `"sequenceNumber":${delta.sequence},"recordedAt":"${delta.recordedAt}",` +
    `"position":"${position}"${kind === 'repeated' ? ',"idempotent":true' : ''}`
  );
}

/** EmitDeltaReply of a delta that was recorded now or, with the same key and body, before. */
export function emitReplyText(outcome: Accepted, request: DeltaRequest): string {
  const { delta } = outcome;
  const { referenceId, metadata, adjusts, occurredAt } = request;
  return (
    `{${recordedMembers(outcome, formatNano(delta.nano))},"itemsRoot":"${delta.receiptId}",` +
    `"itemHash":"${delta.contentHash}","contentHash":"${delta.contentHash}",` +
    `"previousProofHash":"${delta.previousProofHash}","reason":${JSON.stringify(request.reason)},` +
    `"referenceId":${referenceId === undefined ? 'null' : JSON.stringify(referenceId)},` +
    `"metadata":${metadata === undefined ? 'null' : JSON.stringify(metadata)},` +
    `"adjusts":${adjusts === undefined ? 'null' : JSON.stringify(adjusts)},` +
    `"occurredAt":${occurredAt === undefined ? 'null' : `"${occurredAt}"`},` +
    `"submittedAt":"${delta.recordedAt}","verifiedAt":null,"verificationReference":null,` +
    `"dataPurged":false}`
  );
}

/** BatchItemResult of a recorded item. */
export function recordedItemText(index: number, outcome: Accepted): string {
  return `{"index":${index},${recordedMembers(outcome, formatNano(outcome.delta.nano))}}`;
}
