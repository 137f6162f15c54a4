// Whatever a service that keeps the real log does to one history, and however it dresses that up,
// no receipt of it is accepted, and the refusal says what is wrong. The liar has every honest text,
// hash and signature, and keys of its own; it lacks the signing key alone.
import type { Receipt, ReceiptRefusal } from '@deltabook/integrity';
import * as fc from 'fast-check';
import type { History } from '../support/sealed-log';
import {
  historyOf,
  LIAR,
  LIES,
  logOf,
  receiptOf,
  refusalOf,
  SIGNER,
  spliced,
  type Entry,
  type Lie,
} from '../support/told-history';

const entries = fc
  .array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.nat(90)), { minLength: 2, maxLength: 12 })
  .map((drawn) => {
    let minute = 0;
    return drawn.map(([amount, pause], i): Entry => {
      minute += pause;
      return { amount: amount || 7, minute, reason: `reason ${i}` };
    });
  });

const honestAndForged = (lie: Lie) =>
  fc.tuple(entries, fc.nat()).map(([honest, drawn]) => {
    const at = drawn % honest.length;
    return { honest: historyOf(honest), forged: historyOf(lie(honest, at)), at };
  });

describe.each(Object.entries(LIES))('%s', (_, lie) => {
  const always = (
    dressed: (honest: History, forged: History, sequence?: number) => Receipt,
    reason: ReceiptRefusal,
  ): void => {
    fc.assert(
      fc.property(honestAndForged(lie), ({ honest, forged, at }) => {
        expect(refusalOf(dressed(honest, forged))).toBe(reason);
        if (at < forged.tree.size) expect(refusalOf(dressed(honest, forged, at + 1))).toBe(reason);
      }),
      { numRuns: 20 },
    );
  };

  it('under the honest seal is not in the customer’s tree', () => {
    always((honest, forged, sequence) => {
      const truth = logOf(honest, SIGNER);
      const inner = receiptOf(forged, logOf(forged, LIAR), sequence);
      const outer = receiptOf(honest, truth);
      return { ...inner, seal: outer.seal, sealProof: outer.sealProof };
    }, 'NOT_IN_TREE');
  });

  it('under a forged seal is not in the signed log', () => {
    always((honest, forged, sequence) => {
      const inner = receiptOf(forged, logOf(forged, LIAR), sequence);
      return { ...inner, sealProof: receiptOf(honest, logOf(honest, SIGNER)).sealProof };
    }, 'NOT_IN_LOG');
  });

  it('in a forged log is signed by a key that nobody trusts', () => {
    always(
      (_honest, forged, sequence) => receiptOf(forged, logOf(forged, LIAR), sequence),
      'UNTRUSTED_KEY',
    );
  });

  it('in a forged log under a signature of the honest one is not what was signed', () => {
    always((honest, forged, sequence) => {
      const receipt = receiptOf(forged, logOf(forged, LIAR), sequence);
      return { ...receipt, sealProof: { ...receipt.sealProof, logHead: spliced(honest, receipt) } };
    }, 'BAD_SIGNATURE');
  });
});

const flipped = (hash: Uint8Array, bit: number): Uint8Array => {
  const bytes = Uint8Array.from(hash);
  const at = bit % (8 * hash.length);
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
  return bytes;
};

describe('one bit', () => {
  const cases = fc.tuple(entries, fc.nat(), fc.nat(), fc.boolean());

  it.each<[string, (receipt: Receipt, at: number, bit: number) => Receipt, ReceiptRefusal]>([
    [
      'of the inner proof',
      (receipt, at, bit) => ({ ...receipt, treeHashes: flippedIn(receipt.treeHashes, at, bit) }),
      'NOT_IN_TREE',
    ],
    [
      'of the outer proof',
      ({ sealProof, ...receipt }, at, bit) => ({
        ...receipt,
        sealProof: { ...sealProof, hashes: flippedIn(sealProof.hashes, at, bit) },
      }),
      'NOT_IN_LOG',
    ],
    [
      'of the signature',
      (receipt, _, bit) => withSignature(receipt, (signature) => flippedTail(signature, bit)),
      'BAD_SIGNATURE',
    ],
  ])('%s is noticed', (_, flip, reason) => {
    fc.assert(
      fc.property(cases, ([honest, at, bit, isWhole]) => {
        const history = historyOf(honest);
        const sequence = isWhole ? undefined : 1 + (at % honest.length);
        const receipt = receiptOf(history, logOf(history, SIGNER), sequence);
        const lied = flip(receipt, at, bit);
        // A whole history needs no hashes beside its own.
        if (lied === receipt || (isWhole && reason === 'NOT_IN_TREE')) return;
        expect(refusalOf(lied)).toBe(reason);
      }),
      { numRuns: 100 },
    );
  });

  function flippedIn(hashes: readonly Uint8Array[], at: number, bit: number): Uint8Array[] {
    return hashes.map((hash, i) => (i === at % hashes.length ? flipped(hash, bit) : hash));
  }

  function withSignature(receipt: Receipt, change: (bytes: Uint8Array) => Uint8Array): Receipt {
    const { logHead } = receipt.sealProof;
    const start = logHead.lastIndexOf(' ') + 1;
    const bytes = change(Buffer.from(logHead.slice(start), 'base64'));
    const signature = Buffer.from(bytes).toString('base64');
    const changedHead = `${logHead.slice(0, start)}${signature}\n`;
    return { ...receipt, sealProof: { ...receipt.sealProof, logHead: changedHead } };
  }

  /** A bit behind the 4 bytes that name the key. */
  const flippedTail = (bytes: Uint8Array, bit: number): Uint8Array =>
    Uint8Array.from([...bytes.subarray(0, 4), ...flipped(bytes.subarray(4), bit)]);
});
