import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import {
  noteVerifierKey,
  noteVerifierKeyText,
  openNote,
  parseNoteVerifierKey,
  parseSignedNote,
  signedNoteText,
  type NoteVerifierKey,
  type VerifierCrypto,
} from './signed-note';
import { utf8 } from './bytes';

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const crypto: VerifierCrypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
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

function makeSigner(name: string): { key: NoteVerifierKey; sign: (text: string) => Uint8Array } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    key: noteVerifierKey(name, raw, crypto.sha256),
    sign: (text) => sign(null, utf8(text), privateKey),
  };
}

const ours = makeSigner('deltabook/default-sandbox');
const other = makeSigner('deltabook/default-sandbox');
const TEXT = 'first line\n\nthird line\n';

function noteBy(...signers: readonly (typeof ours)[]): string {
  return signedNoteText({
    text: TEXT,
    signatures: signers.map(({ key, sign: signed }) => ({ ...key, signature: signed(TEXT) })),
  });
}

// A key and a note that the Go checksum database publishes (sum.golang.org).
const SUM_DB_KEY = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';

it('reads and writes the published key of another log', () => {
  const read = parseNoteVerifierKey(SUM_DB_KEY, crypto.sha256);
  expect(read.ok && noteVerifierKeyText(read.value)).toBe(SUM_DB_KEY);
});

it.each([
  ['', 'NAME+8 hex'],
  ['sum.golang.org+033de0ae', 'NAME+8 hex'],
  ['sum golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8', 'no spaces'],
  ['sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8', 'copying error'],
  ['sum.golang.com+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8', 'copying error'],
  ['sum.golang.org+033de0ae+As4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8', 'no Ed25519'],
  ['sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuA==', 'no Ed25519'],
])('the verifier key %j is refused', (text, problem) => {
  const read = parseNoteVerifierKey(text, crypto.sha256);
  expect(read).toEqual({ ok: false, problem: expect.stringContaining(problem) as string });
});

it.each(['', 'a b', 'a+b', 'a\u2003b', 'a\nb', 'a\0'])('%j names no key', (name) => {
  expect(() => noteVerifierKey(name, ours.key.publicKey, crypto.sha256)).toThrow(RangeError);
});

it('opens a note with the key that signed it, whoever else signed too', () => {
  const opened = openNote(noteBy(other, ours), [ours.key], crypto);
  expect(opened).toEqual({ ok: true, text: TEXT, signers: [ours.key] });
  const both = openNote(noteBy(other, ours), [ours.key, other.key], crypto);
  expect(both.ok && both.signers).toEqual([other.key, ours.key]);
});

it('refuses a note that no trusted key signed', () => {
  expect(openNote(noteBy(other), [ours.key], crypto)).toMatchObject({ reason: 'UNTRUSTED_KEY' });
  expect(openNote(noteBy(ours), [], crypto)).toMatchObject({ reason: 'UNTRUSTED_KEY' });
});

it('refuses a note when a known key signed something else, also beside a good signature', () => {
  const signature = ours.sign('another text\n');
  const forged = { ...ours.key, signature };
  const good = { ...other.key, signature: other.sign(TEXT) };
  const note = signedNoteText({ text: TEXT, signatures: [good, forged] });
  const verdict = openNote(note, [ours.key, other.key], crypto);
  expect(verdict).toMatchObject({ ok: false, reason: 'BAD_SIGNATURE' });
});

it('refuses any changed character of the text or the signature', () => {
  const note = noteBy(ours);
  for (let at = 0; at < note.length; at += 1) {
    const changed = note.slice(0, at) + (note[at] === 'x' ? 'y' : 'x') + note.slice(at + 1);
    expect(openNote(changed, [ours.key], crypto).ok).toBe(false);
  }
});

it.each([
  ['no signature', 'text\n'],
  ['no empty line', `text\n— a AAAAAAA=\n`],
  ['no last newline', 'text\n\n— a AAAAAAA='],
  ['a carriage return', 'text\r\n\n— a AAAAAAA=\n'],
  ['a hyphen', 'text\n\n- a AAAAAAA=\n'],
  ['two spaces', 'text\n\n—  a AAAAAAA=\n'],
  ['an id without signature', 'text\n\n— a AAAAAA==\n'],
  ['loose base64', 'text\n\n— a AAAAAAB=\n'],
  ['a lone surrogate', 'te\ud800xt\n\n— a AAAAAAA=\n'],
  ['too many signatures', `text\n\n${'— a AAAAAAA=\n'.repeat(65)}`],
])('a note with %s is malformed', (_name, note) => {
  expect(openNote(note, [ours.key], crypto)).toMatchObject({ reason: 'MALFORMED_NOTE' });
});

it('reads up to the limit of signatures', () => {
  const read = parseSignedNote(`text\n\n${'— a AAAAAAA=\n'.repeat(64)}`);
  expect(read.ok && read.value.signatures).toHaveLength(64);
});
