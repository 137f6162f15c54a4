// Receipts of a log that the domain's own writer filled: what holds, and every lie that must not.
import {
  hashLeaf,
  hexOf,
  leafText,
  proveReceipt,
  utf8,
  verifyReceipt,
  type Leaf,
  type Receipt,
  type ReceiptPeriod,
  type VerifiedReceipt,
} from '@deltabook/integrity';
import {
  JANUARY,
  nodeCrypto,
  ORIGIN,
  SealLog,
  Signer,
  smallWorld,
  StoredTree,
} from '../support/sealed-log';

const { log, alice, aliceSeal, bob } = smallWorld();
const delta = log.receipt(alice, aliceSeal, alice.deltas(4, 4, true));
const january = log.receipt(alice, aliceSeal, alice.deltas(1, 5, true), JANUARY);
const check = (receipt: Receipt, keys = log.keys): ReturnType<typeof verifyReceipt> =>
  verifyReceipt(receipt, keys, nodeCrypto);

function verified(receipt: Receipt): VerifiedReceipt {
  const verdict = check(receipt);
  if (!verdict.ok) throw new Error(`${verdict.reason}: ${verdict.problem}`);
  return verdict;
}

const periodReceipt = (from: number, to: number, period: ReceiptPeriod): Receipt =>
  log.receipt(alice, aliceSeal, alice.deltas(from, to), period);

describe('a receipt of one delta', () => {
  it('proves each delta of a history, whatever was added to the log since', () => {
    for (let sequence = 1; sequence <= 7; sequence += 1) {
      const receipt = log.receipt(alice, aliceSeal, alice.deltas(sequence, sequence));
      expect(verified(receipt).deltas[0]?.receiptId).toBe(alice.events[sequence - 1]?.receiptId);
    }
  });

  it('names the log, the seal and the content', () => {
    const { logHead, seal, deltas } = verified(delta);
    expect([logHead.origin, logHead.size]).toEqual([ORIGIN, 4]);
    expect(seal).toEqual(alice.seal('2026-03-02T00:00:01.000Z'));
    expect(JSON.parse(deltas[0]?.private ?? '')).toEqual(alice.events[3]?.private);
  });
});

describe('a receipt of a period', () => {
  it('proves all deltas in it and the balances at both ends', () => {
    const { deltas, period } = verified(january);
    expect(deltas.map(({ leaf }) => leaf.sequence)).toEqual(['2', '3', '4']);
    const amounts = { opening: '500', netChange: '-500', closing: '0', openEnd: false };
    expect(period).toEqual({ ...JANUARY, ...amounts });
  });

  it('may be a whole history, open on both sides', () => {
    const { deltas, period } = verified(periodReceipt(1, 7, { from: '', to: '' }));
    expect(deltas).toHaveLength(7);
    expect(period).toMatchObject({ opening: '0', netChange: '6', closing: '6', openEnd: true });
  });

  it('may be empty: between two neighbours, before the first delta or after the last', () => {
    const between = { from: '2026-02-03T00:00:00.000Z', to: '2026-02-10T00:00:00.000Z' };
    const before = { from: '2024-01-01T00:00:00.000Z', to: '2024-02-01T00:00:00.000Z' };
    const after = { from: '2027-01-01T00:00:00.000Z', to: '2027-02-01T00:00:00.000Z' };
    const empty = { netChange: '0', openEnd: false };
    const at = (from: number, to: number, period: ReceiptPeriod): unknown => {
      const result = verified(periodReceipt(from, to, period));
      expect(result.deltas).toEqual([]);
      return result.period;
    };
    expect(at(5, 6, between)).toMatchObject({ ...empty, opening: '1', closing: '1' });
    expect(at(1, 1, before)).toMatchObject({ ...empty, opening: '0', closing: '0' });
    expect(at(7, 7, after)).toMatchObject({ ...empty, opening: '6', openEnd: true });
  });

  it('of a time that was over when it was sealed has no open end', () => {
    const march1 = { from: '2026-02-01T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' };
    expect(verified(periodReceipt(4, 7, march1)).period?.openEnd).toBe(false);
  });

  it.each([
    ['the neighbour before', 2, 5],
    ['the neighbour after', 1, 4],
    ['both neighbours', 2, 4],
    ['its first delta', 3, 5],
    ['its last delta', 1, 3],
  ])('without %s is incomplete', (_name, from, to) => {
    const verdict = check(periodReceipt(from, to, JANUARY));
    expect(verdict).toMatchObject({ ok: false, reason: 'PERIOD_INCOMPLETE' });
  });

  it('without a delta between is not in the tree', () => {
    for (const at of [1, 2, 3]) {
      const verdict = check({ ...january, deltas: january.deltas.toSpliced(at, 1) });
      expect(verdict).toMatchObject({ ok: false, reason: 'NOT_IN_TREE' });
    }
  });

  it('with deltas swapped or repeated is not in the tree', () => {
    const [a, b, c, d, e] = january.deltas;
    if (!a || !b || !c || !d || !e) throw new Error('five deltas');
    for (const deltas of [
      [a, c, b, d, e],
      [a, b, b, c, d],
      [a, b, c, c, d, e],
    ]) {
      expect(check({ ...january, deltas })).toMatchObject({ reason: 'NOT_IN_TREE' });
    }
  });
});

describe('a lie', () => {
  const stranger = new Signer('another key');
  const otherWorld = smallWorld(ORIGIN, 'another key');

  it.each<[string, Receipt, string]>([
    ['a leaf with another amount', withLeaf({ delta: '-474' }), 'NOT_IN_TREE'],
    ['a leaf with another number', withLeaf({ sequence: '3' }), 'NOT_IN_TREE'],
    ['a leaf outside the tree', withLeaf({ sequence: '8' }), 'NOT_IN_TREE'],
    ['a leaf of another customer', withLeaf({ reference: bob.reference }), 'OTHER_CUSTOMER'],
    ['a seal of another size', withSeal({ size: '8' }), 'NOT_IN_LOG'],
    ['a seal of another root', withSeal({ root: `0x${'1'.repeat(64)}` }), 'NOT_IN_LOG'],
    ['another place in the log', withProof({ index: 1 }), 'NOT_IN_LOG'],
    ['a place outside the log', withProof({ index: 4 }), 'NOT_IN_LOG'],
    ['no inner proof', { ...delta, treeHashes: [] }, 'NOT_IN_TREE'],
    ['no outer proof', withProof({ hashes: [] }), 'NOT_IN_LOG'],
    ['another content', { ...delta, deltas: [content('{"reason":"x"}')] }, 'CONTENT_MISMATCH'],
    ['no delta', { ...delta, deltas: [] }, 'MALFORMED_RECEIPT'],
    ['two deltas', { ...delta, deltas: alice.deltas(4, 5) }, 'MALFORMED_RECEIPT'],
    ['no head', withProof({ logHead: '' }), 'MALFORMED_NOTE'],
    ['a head without root', withProof({ logHead: note('x\n4\n\n') }), 'MALFORMED_LOG_HEAD'],
    ['a foreign head', withProof({ logHead: otherWorld.log.head() }), 'UNTRUSTED_KEY'],
  ])('%s is refused', (_name, receipt, reason) => {
    expect(check(receipt)).toMatchObject({ ok: false, reason });
  });

  it('a head with the signature of another is refused', () => {
    const small = smallWorld();
    small.log.append(small.bob.seal('2026-03-03T00:00:00.000Z'));
    const [text, signature] = [log.head().split('\n\n')[0], small.log.head().split('\n\n')[1]];
    const logHead = `${text ?? ''}\n\n${signature ?? ''}`;
    expect(check(withProof({ logHead }))).toMatchObject({ reason: 'BAD_SIGNATURE' });
  });

  it('a key that is trusted for another log proves nothing here', () => {
    const keys = [stranger.verifierKey(ORIGIN), log.signer.verifierKey('deltabook.example/other')];
    expect(check(delta, keys)).toMatchObject({ reason: 'UNTRUSTED_KEY' });
    expect(check(delta, [...keys, ...log.keys]).ok).toBe(true);
  });

  it.each([
    ['LINK_MISMATCH', 2, { previousProofHash: `0x${'1'.repeat(64)}` }],
    ['LINK_MISMATCH', 0, { previousProofHash: `0x${'1'.repeat(64)}` }],
    ['BALANCE_MISMATCH', 2, { balance: '1' }],
    ['BALANCE_MISMATCH', 0, { balance: '501' }],
    ['TIME_STEPS_BACK', 2, { recordedAt: '2025-01-01T00:00:00.000Z' }],
    ['SEQUENCE_MISMATCH', 2, { sequence: '4' }],
  ])('a history that was sealed with a %s at leaf %i is refused', (reason, at, change) => {
    const leaves = alice.events.map(({ leaf }, place) =>
      place === at ? { ...leaf, ...change } : leaf,
    );
    expect(check(sealedAnyway(leaves))).toMatchObject({ ok: false, reason });
  });

  function withLeaf(change: Partial<Receipt['deltas'][number]['leaf']>): Receipt {
    return { ...delta, deltas: delta.deltas.map(({ leaf }) => ({ leaf: { ...leaf, ...change } })) };
  }
  function withSeal(change: Partial<Receipt['seal']>): Receipt {
    return { ...delta, seal: { ...delta.seal, ...change } };
  }
  function withProof(change: Partial<Receipt['sealProof']>): Receipt {
    return { ...delta, sealProof: { ...delta.sealProof, ...change } };
  }
  function content(text: string): Receipt['deltas'][number] {
    return {
      leaf: alice.deltas(4, 4)[0]?.leaf as Receipt['deltas'][number]['leaf'],
      private: text,
    };
  }
  function note(text: string): string {
    return log.signer.note(ORIGIN, text);
  }
});

/** Receipt of a whole history whose operator sealed what does not fit together. */
function sealedAnyway(leaves: readonly Leaf[]): Receipt {
  const tree = new StoredTree();
  for (const leaf of leaves) tree.append(hashLeaf(utf8(leafText(leaf)), nodeCrypto.sha256));
  const forged = new SealLog(ORIGIN, log.signer);
  const seal = {
    ...alice.seal('2026-03-02T00:00:01.000Z'),
    root: `0x${hexOf(tree.root())}`,
  };
  const index = forged.append(seal);
  const source = {
    customerTree: tree.readNode,
    sealLog: { readNode: forged.tree.readNode, index, size: 1, logHead: forged.head() },
  };
  const deltas = leaves.map((leaf) => ({ leaf }));
  return proveReceipt({ seal, period: { from: '', to: '' }, deltas }, source, nodeCrypto.sha256);
}
