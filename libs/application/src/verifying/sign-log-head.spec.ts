// A head is signed only where it goes on from what was signed: a log that lost seals, or has others
// in their place, must never get a second, contradicting signature.
import { MerkleTree, parseLogHead, parseSignedNote, utf8 } from '@deltabook/integrity';
import { createHash } from 'node:crypto';
import { InconsistentHeadError, signLogHead, type HeadToSign } from './sign-log-head';

const scope = { tenant: 'default', environment: 'sandbox' } as const;
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** A log whose seals are these texts. */
function aLog(seals: readonly string[], storedNote?: string): HeadToSign {
  const rootAt = (size: number): Uint8Array => {
    const tree = MerkleTree.empty(sha256);
    for (const seal of seals.slice(0, size)) tree.append(sha256(utf8(`\0${seal}`)));
    return tree.root();
  };
  return { scope, size: seals.length, rootAt, storedNote };
}

/** Signs with the heads that lie beside the key in `kept`. */
function sign(log: HeadToSign, kept: string[]): string {
  const signer = { publicKey: new Uint8Array(32).fill(7), sign: () => new Uint8Array(64) };
  const files = { read: () => kept.at(-1), write: (_: unknown, note: string) => kept.push(note) };
  return signLogHead(log, { installation: 'deltabook', signer, files, sha256 });
}

function sizeOf(note: string): number | undefined {
  const signed = parseSignedNote(note);
  const head = signed.ok ? parseLogHead(signed.value.text) : undefined;
  return head?.ok ? head.value.size : undefined;
}

it('a log that grew is signed, and what is signed is kept beside the key', () => {
  const kept: string[] = [];
  expect(sizeOf(sign(aLog(['a', 'b']), kept))).toBe(2);
  expect(sizeOf(sign(aLog(['a', 'b', 'c']), kept))).toBe(3);
  expect(kept.map(sizeOf)).toEqual([2, 3]);
});

it.each([
  ['lost a seal', ['a'], /2 seals were signed and the log has 1/],
  ['has another seal in its place', ['a', 'x'], /the first 2 seals are not those that were signed/],
  ['has another seal before more', ['x', 'b', 'c'], /the first 2 seals are not those/],
])('a log that %s is not signed, whoever kept the head', (_case, seals, message) => {
  const kept: string[] = [];
  const signed = sign(aLog(['a', 'b']), kept);
  expect(() => sign(aLog(seals), kept)).toThrow(InconsistentHeadError);
  expect(() => sign(aLog(seals), kept)).toThrow(message);
  // The file is lost: the head that the log itself has is looked at as well.
  const empty: string[] = [];
  expect(() => sign(aLog(seals, signed), empty)).toThrow(message);
  expect(empty).toEqual([]);
  expect(kept).toEqual([signed]);
});

it('a kept head that cannot be read stops the signing', () => {
  expect(() => sign(aLog(['a']), ['garbage'])).toThrow(/cannot be read; restore it/);
});
