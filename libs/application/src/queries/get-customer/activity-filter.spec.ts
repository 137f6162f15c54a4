import type { DeltaView } from '../delta-view';
import { matchesFilter, type ActivityFilter } from './activity-filter';

const delta: DeltaView = {
  recordId: 'rec_1',
  receiptId: '0x01',
  contentHash: '0x02',
  previousProofHash: '0x03',
  sequence: 1,
  nano: 1n,
  balanceNano: 1n,
  reason: '50%_off, a.b',
  referenceId: 'txn_01',
  metadata: undefined,
  adjusts: undefined,
  status: 'QUEUED',
  recordedAt: '2026-03-01T00:00:00.000Z',
  occurredAt: '2026-02-14T14:22:00.000Z',
  time: '2026-02-14T14:22:00.000Z',
  covering: undefined,
};
const OCCURRED = Date.parse('2026-02-14T14:22:00.000Z');

describe('the activity filter', () => {
  it.each<[string, ActivityFilter, boolean]>([
    ['nothing', {}, true],
    ['its status', { status: 'QUEUED' }, true],
    ['another status', { status: 'VERIFIED' }, false],
    ['a part of its reason', { reason: '%_off' }, true],
    ['the reason in another case', { reason: 'OFF' }, false],
    ['a pattern, which stands for itself', { reason: 'a?b' }, false],
    ['its referenceId', { referenceId: 'txn_01' }, true],
    ['a part of its referenceId', { referenceId: 'txn_0' }, false],
    ['from its time on', { fromMs: OCCURRED }, true],
    ['from after its time on', { fromMs: OCCURRED + 1 }, false],
    ['before its time', { beforeMs: OCCURRED }, false],
    ['before just after its time', { beforeMs: OCCURRED + 1 }, true],
    ['one part that matches and one that does not', { reason: 'off', referenceId: 'x' }, false],
  ])('%s', (_, filter, expected) => {
    expect(matchesFilter(filter, delta)).toBe(expected);
  });

  it('compares a referenceId that is missing', () => {
    expect(matchesFilter({ referenceId: '' }, { ...delta, referenceId: undefined })).toBe(false);
  });
});
