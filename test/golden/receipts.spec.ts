// Receipts as they were first given out: every later build must accept them, refuse the tampered
// ones for the same reason, and write the same bytes. These files are only ever added to.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  logHeadText,
  noteVerifierKeyText,
  parseNoteVerifierKey,
  receiptFileText,
  receiptJson,
  rootAtSize,
  sealText,
  verifyReceipt,
  verifyReceiptFile,
  parseReceiptJson,
  type NoteVerifierKey,
  type Receipt,
} from '@deltabook/integrity';
import { JANUARY, nodeCrypto, ORIGIN, sha256, Signer, smallWorld } from '../support/sealed-log';

const directory = join(process.cwd(), 'test/golden/receipts/v1');
const { log, alice, aliceSeal, bob } = smallWorld();

/** Every receipt of the small log. */
const RECEIPTS: Readonly<Record<string, Receipt>> = {
  delta: log.receipt(alice, aliceSeal, alice.deltas(4, 4)),
  'delta-with-content': log.receipt(alice, aliceSeal, alice.deltas(2, 2, true)),
  'first-delta-of-bob': log.receipt(bob, 1, bob.deltas(1, 1)),
  january: log.receipt(alice, aliceSeal, alice.deltas(1, 5), JANUARY),
  'empty-period': log.receipt(alice, aliceSeal, alice.deltas(5, 6), {
    from: '2026-02-03T00:00:00.000Z',
    to: '2026-02-10T00:00:00.000Z',
  }),
  'whole-history': log.receipt(alice, aliceSeal, alice.deltas(1, 7, true), { from: '', to: '' }),
};

/** The log: seals in order, and the signed head at each size. */
function logJson(): unknown {
  const heads = log.seals.map((_, at) => {
    const root = rootAtSize(at + 1, log.tree.readNode, sha256);
    return log.signer.note(ORIGIN, logHeadText({ origin: ORIGIN, size: at + 1, root }));
  });
  return { seals: log.seals.map(sealText), heads };
}

/** One lie each, and the reason for which it is refused. */
function tamperedFiles(): Record<string, { reason: string; text: string }> {
  const { delta, january } = RECEIPTS as { delta: Receipt; january: Receipt };
  const [{ leaf }] = delta.deltas as [Receipt['deltas'][number]];
  const headText = `${log.head().split('\n\n')[0] ?? ''}\n`;
  const stranger = new Signer('stranger').note(ORIGIN, headText);
  const lies: [string, string, Receipt][] = [
    ['amount', 'NOT_IN_TREE', { ...delta, deltas: [{ leaf: { ...leaf, delta: '-474' } }] }],
    ['seal', 'NOT_IN_LOG', { ...delta, seal: { ...delta.seal, size: '8' } }],
    ['place', 'NOT_IN_LOG', { ...delta, sealProof: { ...delta.sealProof, index: 0 } }],
    ['key', 'UNTRUSTED_KEY', { ...delta, sealProof: { ...delta.sealProof, logHead: stranger } }],
    ['content', 'CONTENT_MISMATCH', { ...delta, deltas: [{ leaf, private: '{"reason":""}' }] }],
    ['dropped', 'NOT_IN_TREE', { ...january, deltas: january.deltas.toSpliced(2, 1) }],
    ['cut', 'PERIOD_INCOMPLETE', log.receipt(alice, aliceSeal, alice.deltas(1, 3), JANUARY)],
  ];
  const files = lies.map(([name, reason, receipt]) => {
    return [name, { reason, text: receiptFileText(receipt) }] as const;
  });
  const signed = receiptFileText(delta);
  const flipped = signed.replace(/(— \S+ \S{20})(.)/, (_all, start: string, digit: string) => {
    return start + (digit === 'A' ? 'B' : 'A');
  });
  const unsigned = { reason: 'BAD_SIGNATURE', text: flipped };
  const truncated = { reason: 'MALFORMED_RECEIPT', text: signed.slice(0, 500) };
  return { ...Object.fromEntries(files), signature: unsigned, truncated };
}

/** All files by name, as this build writes them. */
function files(): Record<string, string> {
  const written: Record<string, string> = {
    'verifier-key.txt': `${noteVerifierKeyText(log.signer.verifierKey(ORIGIN))}\n`,
    'log.json': `${JSON.stringify(logJson(), undefined, 2)}\n`,
  };
  for (const [name, receipt] of Object.entries(RECEIPTS)) {
    written[`${name}.tlog-proof`] = receiptFileText(receipt);
    written[`${name}.json`] = `${JSON.stringify(receiptJson(receipt), undefined, 2)}\n`;
  }
  for (const [name, { reason, text }] of Object.entries(tamperedFiles())) {
    written[`tampered-${name}.${reason}.tlog-proof`] = text;
  }
  return written;
}

if (process.env['UPDATE_GOLDEN'] === '1') {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files())) writeFileSync(join(directory, name), text);
}

const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
const names = readdirSync(directory).sort();

function storedKey(): NoteVerifierKey {
  const key = parseNoteVerifierKey(read('verifier-key.txt').trimEnd(), sha256);
  if (!key.ok) throw new Error(key.problem);
  return key.value;
}

it('this build writes the same files', () => {
  const written = files();
  expect(names).toEqual(Object.keys(written).sort());
  for (const name of names) expect([name, read(name)]).toEqual([name, written[name]]);
});

it.each(Object.keys(RECEIPTS))('%s is accepted as file and as JSON', (name) => {
  const verdict = verifyReceiptFile(read(`${name}.tlog-proof`), [storedKey()], nodeCrypto);
  expect(verdict).toMatchObject({ ok: true });
  const json = parseReceiptJson(JSON.parse(read(`${name}.json`)));
  if (!json.ok) throw new Error(json.problem);
  expect(verifyReceipt(json.value, [storedKey()], nodeCrypto)).toEqual(verdict);
});

it.each(names.filter((name) => name.startsWith('tampered-')))('%s is refused', (name) => {
  const [, reason] = name.split('.');
  const verdict = verifyReceiptFile(read(name), [storedKey()], nodeCrypto);
  expect(verdict).toMatchObject({ ok: false, reason });
});

it('no seal and no head names a customer or holds content', () => {
  const text = read('log.json');
  for (const secret of ['alice', 'bob', 'reason', 'inv-1', 'metadata', 'balance']) {
    expect(text).not.toContain(secret);
  }
});
