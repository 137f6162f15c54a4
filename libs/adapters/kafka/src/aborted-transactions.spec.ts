import type { AbortedTransaction, FetchedRecord } from 'kafkajs/src/broker';
import { markAborted } from './aborted-transactions';

const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);

const of = (
  producerId: string,
  key: Buffer | null = null,
  inTransaction = true,
): Omit<FetchedRecord, 'offset'> => ({
  key,
  isControlRecord: key === ABORT || key === COMMIT,
  batchContext: { producerId, inTransaction },
});

/** Offsets of the records that consumers are shown. */
function shownOf(
  from: number,
  records: readonly Omit<FetchedRecord, 'offset'>[],
  abortedTransactions: readonly AbortedTransaction[],
): readonly number[] {
  const messages = records.map((record, i) => ({ ...record, offset: String(from + i) }));
  const partition = { messages, abortedTransactions };
  markAborted(partition);
  expect(partition.abortedTransactions).toEqual([]);
  return messages.flatMap(({ isControlRecord, offset }) =>
    isControlRecord ? [] : [Number(offset)],
  );
}

it('transactions listed as they ended, not as they began', () => {
  const records = [of('a'), of('b'), of('c'), of('c', ABORT), of('b', ABORT), of('a', ABORT)];
  const listed = [
    { producerId: 'c', firstOffset: '102' },
    { producerId: 'b', firstOffset: '101' },
    { producerId: 'a', firstOffset: '100' },
  ];
  expect(shownOf(100, records, listed)).toEqual([]);
});

it('several that began before the fetch', () => {
  const records = [of('b'), of('a'), of('c'), of('a', ABORT), of('b', ABORT), of('a')];
  const listed = [
    { producerId: 'a', firstOffset: '2' },
    { producerId: 'b', firstOffset: '1' },
  ];
  expect(shownOf(7, records, listed)).toEqual([9, 12]);
});

it('what the same producer commits afterwards, and what is in no transaction, is shown', () => {
  const records = [of('a'), of('a', ABORT), of('a'), of('a', COMMIT), of('a', null, false)];
  expect(shownOf(0, records, [{ producerId: 'a', firstOffset: '0' }])).toEqual([2, 4]);
});

it('a key that only looks like the marker ends nothing', () => {
  const lookAlike = { ...of('a'), key: Buffer.from([0, 0, 0, 0]) };
  const records = [of('a'), lookAlike, of('a'), of('a', ABORT)];
  expect(shownOf(0, records, [{ producerId: 'a', firstOffset: '0' }])).toEqual([]);
});
