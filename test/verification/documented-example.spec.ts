// The worked example of docs/verification.md, recomputed from the golden file with nothing but
// SHA-256: a page that somebody writes a verifier from must not be wrong.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(process.cwd(), 'docs/verification.md'), 'utf8');
const golden = join(process.cwd(), 'test/golden/receipts/v1');
const file = readFileSync(join(golden, 'delta-with-content.tlog-proof'), 'utf8');

function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
const leafHash = (text: string): Buffer => sha256(Buffer.of(0), text);
const node = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

const [proof = '', head = ''] = file.split('\n\n');
const [, extraLine = '', , ...outerLines] = proof.split('\n');
const extra = Buffer.from(extraLine.slice('extra '.length), 'base64');
const split = extra.indexOf('\n\n');
const [, sealLine = '', leafLine = '', privateLine = ''] = extra
  .subarray(0, split)
  .toString()
  .split('\n');
const inner = [2, 34, 66].map((at) => extra.subarray(split + at, split + at + 32));
const outer = outerLines.map((line) => Buffer.from(line, 'base64'));

/** The page without the line breaks that it adds for reading. */
const joined = page.replace(/\n {5}/g, '');

it('shows the key and the lines of the file', () => {
  expect(page).toContain(`\n${readFileSync(join(golden, 'verifier-key.txt'), 'utf8')}`);
  for (const line of [sealLine, leafLine, privateLine]) expect(joined).toContain(`\n${line}\n`);
});

it('shows every hash on the way to both roots, in order', () => {
  const [first, second, third] = inner as [Buffer, Buffer, Buffer];
  const [right, left] = outer as [Buffer, Buffer];
  const leaf = leafHash(leafLine.slice('leaf '.length));
  const one = node(first, leaf);
  const two = node(one, second);
  const seal = leafHash(sealLine.slice('seal '.length));
  const above = node(seal, right);
  const rows = [
    sha256(privateLine.slice('private '.length)).toString('hex'),
    ...[leaf, first, one, second, two, third].map((hash) => hash.toString('hex')),
    node(two, third).toString('hex'),
    seal.toString('hex'),
    right.toString('base64'),
    above.toString('hex'),
    left.toString('base64'),
    node(left, above).toString('base64'),
  ];
  const table = page.slice(page.indexOf('| step '), page.indexOf('The inner hash 1'));
  expect([...table.matchAll(/`([^`]+)`/g)].map((match) => match[1])).toEqual(rows);
  expect(sealLine).toContain(node(two, third).toString('hex'));
  expect(head.split('\n')[2]).toBe(rows.at(-1));
});
