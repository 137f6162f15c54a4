// kafkajs 2.2.4 takes a broker's list of aborted transactions to be in the order in which they
// began, and to begin one message at a time. Brokers list them as they ended, and a fetch may start
// amid several: then messages that were never committed come through, deltas among them.
import Broker, {
  type AbortedTransaction,
  type FetchedPartition,
  type FetchedRecord,
} from 'kafkajs/src/broker';

/** Key of the control record that ends an aborted transaction: version 0, type 0 (KIP-98). */
const ABORT_KEY = Buffer.from([0, 0, 0, 0]);

/** Makes consumers pass over aborted messages, whatever the list's order; to be called once. */
export function passOverAborted(): void {
  const { prototype } = Broker;
  const fetch = prototype.fetch;
  prototype.fetch = async function fetchCommitted(this: Broker, request: unknown) {
    const response = await fetch.call(this, request);
    for (const { partitions } of response.responses) partitions.forEach(markAborted);
    return response;
  };
}

/**
 * Marks what was aborted as control records, which the client counts as read and shows to nobody,
 * and empties the list. Records are in the order of their offsets.
 */
export function markAborted(partition: FetchedPartition): void {
  const { abortedTransactions, messages } = partition;
  if (!abortedTransactions || abortedTransactions.length === 0) return;
  const coming = [...abortedTransactions].sort(byFirstOffset);
  const aborted = new Set<string>();
  for (const record of messages) {
    for (const { producerId } of begunBy(BigInt(record.offset), coming)) aborted.add(producerId);
    const { producerId, inTransaction } = record.batchContext;
    if (endsAborted(record)) aborted.delete(producerId);
    else if (inTransaction && aborted.has(producerId)) record.isControlRecord = true;
  }
  partition.abortedTransactions = [];
}

/** Takes out of `coming` those that began at an offset or before it. */
function begunBy(offset: bigint, coming: AbortedTransaction[]): readonly AbortedTransaction[] {
  const firstLater = coming.findIndex(({ firstOffset }) => BigInt(firstOffset) > offset);
  return coming.splice(0, firstLater === -1 ? coming.length : firstLater);
}

const byFirstOffset = (a: AbortedTransaction, b: AbortedTransaction): number =>
  BigInt(a.firstOffset) < BigInt(b.firstOffset) ? -1 : 1;

const endsAborted = ({ isControlRecord, key }: FetchedRecord): boolean =>
  isControlRecord && key !== null && key.equals(ABORT_KEY);
