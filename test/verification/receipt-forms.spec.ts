// The file and JSON forms of receipts, how large they get, and whether one answers the question.
import * as fc from 'fast-check';
import {
  parseReceiptFile,
  parseReceiptJson,
  receiptAnswers,
  receiptFileText,
  receiptJson,
  verifyReceipt,
  verifyReceiptFile,
  type Receipt,
  type VerifiedReceipt,
} from '@deltabook/integrity';
import { farReceipt } from '../../apps/bench/src/receipts/far-receipt';
import { JANUARY, nodeCrypto, sha256, Signer, smallWorld } from '../support/sealed-log';

const { log, alice, aliceSeal, bob } = smallWorld();
const delta = log.receipt(alice, aliceSeal, alice.deltas(4, 4, true));
const january = log.receipt(alice, aliceSeal, alice.deltas(1, 5, true), JANUARY);

function verified(receipt: Receipt): VerifiedReceipt {
  const verdict = verifyReceipt(receipt, log.keys, nodeCrypto);
  if (!verdict.ok) throw new Error(`${verdict.reason}: ${verdict.problem}`);
  return verdict;
}

describe('file and JSON', () => {
  it.each([
    ['delta', delta],
    ['period', january],
  ])('of a %s read back the same', (_name, receipt) => {
    expect(parseReceiptFile(receiptFileText(receipt))).toEqual({ ok: true, value: receipt });
    const json = JSON.parse(JSON.stringify(receiptJson(receipt))) as unknown;
    expect(parseReceiptJson(json)).toEqual({ ok: true, value: receipt });
  });

  it('with any character changed are refused or say the same', () => {
    const text = receiptFileText(delta);
    const whole = verified(delta);
    fc.assert(
      fc.property(
        fc.nat({ max: text.length - 1 }),
        fc.integer({ min: 33, max: 126 }),
        (at, code) => {
          const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
          const verdict = verifyReceiptFile(changed, log.keys, nodeCrypto);
          if (changed === text) expect(verdict).toEqual(whole);
          else expect(verdict.ok).toBe(false);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('the answer to a question', () => {
  const { receiptId = '' } = alice.events[3] ?? {};
  const ofDelta = verified(delta);
  const ofJanuary = verified(january);
  const seen = ofDelta.logHead;
  const otherRoot = { ...seen, root: new Uint8Array(32) };

  it('is this receipt', () => {
    const { reference } = alice;
    expect(receiptAnswers(ofDelta, { reference, receiptId, seen })).toEqual({ ok: true });
    expect(receiptAnswers(ofJanuary, { reference, period: JANUARY })).toEqual({ ok: true });
    expect(receiptAnswers(ofJanuary, {})).toEqual({ ok: true });
  });

  it.each([
    ['OTHER_CUSTOMER', ofDelta, { reference: bob.reference }],
    ['OTHER_DELTA', ofDelta, { receiptId: `0x${'0'.repeat(64)}` }],
    ['OTHER_DELTA', ofJanuary, { receiptId }],
    ['OTHER_PERIOD', ofJanuary, { period: { ...JANUARY, to: '2026-02-02T00:00:00.000Z' } }],
    ['OTHER_PERIOD', ofDelta, { period: JANUARY }],
    ['OTHER_LOG', ofDelta, { seen: { ...seen, origin: 'other' } }],
    ['STALE_HEAD', ofDelta, { seen: { ...seen, size: 5 } }],
    ['FORKED_LOG', ofDelta, { seen: otherRoot }],
  ])('is not: %s', (reason, receipt, asked) => {
    expect(receiptAnswers(receipt, asked)).toMatchObject({ ok: false, reason });
  });
});

it('a whole file is at most 3.5 KiB with both trees at ten million leaves', () => {
  const name = 'n'.repeat(63);
  const origin = `${name}/${name}-production`;
  const signer = new Signer('size');
  const noteOf = (text: string): string => signer.note(origin, text);
  const file = farReceipt({ origin, sha256, noteOf });
  const verdict = verifyReceiptFile(file, [signer.verifierKey(origin)], nodeCrypto);
  expect(verdict).toMatchObject({ ok: true, logHead: { size: 10_000_000 } });
  expect(verdict).toMatchObject({ seal: { size: '10000000' } });
  const receipt = parseReceiptFile(file);
  if (!receipt.ok) throw new Error(receipt.problem);
  const { treeHashes, sealProof } = receipt.value;
  expect([treeHashes.length, sealProof.hashes.length]).toEqual([24, 24]);
  expect(Buffer.byteLength(file)).toBeLessThanOrEqual(3.5 * 1024);
});
