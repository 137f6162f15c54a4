import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { utf8 } from './bytes';
import { proveConsistency } from './consistency-proof';
import { proveInclusion } from './inclusion-proof';
import { logHeadText, openLogHead, parseLogHead, verifyLogGrowth, type LogHead } from './log-head';
import { MerkleTree } from './merkle-tree';
import { noteVerifierKey, signedNoteText, type VerifierCrypto } from './signed-note';
import { parseTlogProof, tlogProofText, verifyTlogProof, type TlogProof } from './tlog-proof';
import { hashLeaf } from './tree-hash';
import { rootAtSize, type ReadNode } from './tree-spans';

const ORIGIN = 'deltabook/default-sandbox';
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const crypto: VerifierCrypto = {
  sha256,
  verifyEd25519: (publicKey, message, signature) => {
    const der = Buffer.concat([SPKI_PREFIX, publicKey]);
    return verify(
      null,
      message,
      createPublicKey({ key: der, format: 'der', type: 'spki' }),
      signature,
    );
  },
};
const pair = generateKeyPairSync('ed25519');
const rawKey = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const key = noteVerifierKey(ORIGIN, rawKey, sha256);

const nodes = new Map<string, Uint8Array>();
MerkleTree.empty(sha256).appendAll(
  Array.from({ length: 11 }, (_, at) => hashLeaf(utf8(`record ${String(at)}`), sha256)),
  (level, index, hash) => nodes.set(`${String(level)}/${String(index)}`, hash),
);
const readNode: ReadNode = (level, index) =>
  nodes.get(`${String(level)}/${String(index)}`) ?? new Uint8Array(0);

const headAt = (size: number): LogHead => ({
  origin: ORIGIN,
  size,
  root: rootAtSize(size, readNode, sha256),
});

function signed(text: string, name = ORIGIN): string {
  const signer = noteVerifierKey(name, rawKey, sha256);
  const signature = sign(null, utf8(text), pair.privateKey);
  return signedNoteText({ text, signatures: [{ ...signer, signature }] });
}

const proof: TlogProof = {
  extra: utf8('extra'),
  index: 6,
  hashes: proveInclusion({ index: 6, size: 11 }, readNode, sha256),
  checkpoint: signed(logHeadText(headAt(11))),
};

// The example of c2sp.org/tlog-checkpoint.
it('reads and writes the published example of a log head', () => {
  const text =
    'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
  const head = parseLogHead(text);
  expect(head.ok && head.value.size).toBe(20_852_163);
  expect(head.ok && logHeadText(head.value)).toBe(text);
});

it('keeps extension lines', () => {
  const head = { ...headAt(3), extensions: ['one', 'two'] };
  expect(parseLogHead(logHeadText(head))).toEqual({ ok: true, value: head });
});

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
it.each([
  '',
  'a\n1\n',
  `\n1\n${ROOT}\n`,
  `a\n01\n${ROOT}\n`,
  `a\n-1\n${ROOT}\n`,
  `a\n9007199254740992\n${ROOT}\n`,
  `a\n1\n${ROOT}`,
  `a\n1\n${ROOT}\n\n`,
  `a\n1\n${ROOT}\n\nb\n`,
  'a\n1\nAAAA\n',
])('the log head %j is refused', (text) => {
  expect(parseLogHead(text).ok).toBe(false);
});

it('a head must be signed under the name of its log', () => {
  const note = signed(logHeadText(headAt(3)), 'deltabook/other-sandbox');
  const otherKey = noteVerifierKey('deltabook/other-sandbox', rawKey, sha256);
  expect(openLogHead(note, [key], crypto)).toMatchObject({ reason: 'UNTRUSTED_KEY' });
  expect(openLogHead(note, [key, otherKey], crypto)).toMatchObject({ reason: 'WRONG_ORIGIN' });
  expect(openLogHead(signed('no head\n'), [key], crypto)).toMatchObject({
    reason: 'MALFORMED_LOG_HEAD',
  });
});

it('a log only grows', () => {
  const hashes = proveConsistency({ from: 4, to: 11 }, readNode, sha256);
  const grow = (seen: LogHead, next: LogHead, path = hashes): unknown =>
    verifyLogGrowth(seen, next, path, sha256);
  expect(grow(headAt(4), headAt(11))).toEqual({ ok: true });
  expect(grow(headAt(4), headAt(4), [])).toEqual({ ok: true });
  const forked = { ...headAt(4), root: sha256(headAt(4).root) };
  expect(grow(forked, headAt(11))).toMatchObject({ reason: 'FORKED_LOG' });
  expect(grow(forked, headAt(4), [])).toMatchObject({ reason: 'FORKED_LOG' });
  expect(grow(headAt(11), headAt(4), [])).toMatchObject({ reason: 'STALE_HEAD' });
  expect(grow({ ...headAt(4), origin: 'other' }, headAt(11))).toMatchObject({
    reason: 'OTHER_LOG',
  });
  expect(grow(headAt(4), headAt(11), hashes.slice(1))).toMatchObject({ reason: 'FORKED_LOG' });
});

it('a proof file reads back and holds for its record alone', () => {
  const read = parseTlogProof(tlogProofText(proof));
  expect(read).toEqual({ ok: true, value: proof });
  const bare = { index: 0, hashes: [], checkpoint: proof.checkpoint };
  expect(parseTlogProof(tlogProofText(bare))).toEqual({ ok: true, value: bare });
  expect(verifyTlogProof(proof, utf8('record 6'), [key], crypto)).toEqual({
    ok: true,
    head: headAt(11),
  });
  const wrong = verifyTlogProof(proof, utf8('record 5'), [key], crypto);
  expect(wrong).toMatchObject({ ok: false, reason: 'NOT_IN_LOG' });
});

it('any changed character of a proof file is noticed, except in its extra line', () => {
  const text = tlogProofText(proof);
  const start = text.indexOf('index');
  for (let at = 0; at < text.length; at += 1) {
    const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    const read = parseTlogProof(changed);
    const holds = read.ok && verifyTlogProof(read.value, utf8('record 6'), [key], crypto).ok;
    if (at < 'c2sp.org/tlog-proof@v1\nextra '.length || at >= start) expect(holds).toBe(false);
  }
});

it.each([
  ['another header', 'c2sp.org/tlog-proof@v2\nindex 0\n\nhead'],
  ['no index', 'c2sp.org/tlog-proof@v1\n\nhead'],
  ['a leading zero', 'c2sp.org/tlog-proof@v1\nindex 01\n\nhead'],
  ['a bad extra', 'c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nhead'],
  ['extra after index', 'c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nhead'],
  ['a short hash', 'c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nhead'],
  ['no checkpoint', 'c2sp.org/tlog-proof@v1\nindex 0\n'],
  ['too many hashes', `c2sp.org/tlog-proof@v1\nindex 0\n${`${ROOT}\n`.repeat(54)}\nhead`],
])('a proof file with %s is refused', (_name, text) => {
  expect(parseTlogProof(text).ok).toBe(false);
});
