// What we write is checked by code that is not ours: the Go reference libraries (TLOGTOOL names the
// program) and a script on Java's standard library. Each is skipped where it is not installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  hexOf,
  noteVerifierKeyText,
  proveConsistency,
  receiptFileText,
  sealText,
  type Receipt,
} from '@deltabook/integrity';
import { JANUARY, Signer, ORIGIN, sha256, smallWorld, StoredTree } from '../support/sealed-log';

const directory = mkdtempSync(join(tmpdir(), 'deltabook-interop-'));
const SCRIPT = join(process.cwd(), 'test/verification/Verify.java');
const TLOGTOOL = process.env['TLOGTOOL'];
const hasJava = spawnSync('java', ['-version']).status === 0;
const withTlogtool = TLOGTOOL ? describe : describe.skip;
const withJava = hasJava ? describe : describe.skip;

const { log, alice, aliceSeal } = smallWorld();
const verifierKey = noteVerifierKeyText(log.signer.verifierKey(ORIGIN));
const delta = log.receipt(alice, aliceSeal, alice.deltas(4, 4, true));
const january = log.receipt(alice, aliceSeal, alice.deltas(1, 5, true), JANUARY);
const sealOf = (receipt: Receipt): string => sealText(receipt.seal);

function fileOf(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

function run(command: string, args: readonly string[], input = ''): Outcome {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', input });
  return { status, output: stdout + stderr };
}

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

withTlogtool('tlogtool (skipped without TLOGTOOL)', () => {
  const tlogtool = (...args: string[]): Outcome => run(TLOGTOOL ?? '', args);

  it('accepts the signed log head, and no other text under its signature', () => {
    const head = log.head();
    expect(tlogtool('note', verifierKey, fileOf('head', head)).status).toBe(0);
    const wrong = fileOf('wrong-head', head.replace('\n4\n', '\n5\n'));
    expect(tlogtool('note', verifierKey, wrong).status).toBe(1);
  });

  it.each([
    ['a delta', delta],
    ['a period', january],
  ])('accepts the outer proof of %s for the seal alone', (_name, receipt) => {
    const file = fileOf('receipt.tlog-proof', receiptFileText(receipt));
    const record = fileOf('seal', sealOf(receipt));
    expect(tlogtool('proof', verifierKey, record, file)).toMatchObject({ status: 0 });
    const other = fileOf('other-seal', sealOf(receipt).replace('"size":"7"', '"size":"8"'));
    expect(tlogtool('proof', verifierKey, other, file).status).toBe(1);
    const strange = noteVerifierKeyText(new Signer('stranger').verifierKey(ORIGIN));
    expect(tlogtool('proof', strange, record, file).status).toBe(1);
  });

  it('hashes leaves and roots as we do', () => {
    const leaves = alice.events.map(({ receiptId }) => receiptId.slice(2)).join('\n');
    expect(run(TLOGTOOL ?? '', ['root'], `${leaves}\n`)).toEqual({
      status: 0,
      output: expect.stringContaining(hexOf(alice.tree.root())) as string,
    });
  });

  it('accepts inclusion in the customer’s tree', () => {
    const [index, size] = ['3', '7'];
    const { receiptId = '' } = alice.events[3] ?? {};
    const [leaf, root] = [receiptId.slice(2), hexOf(alice.tree.root())];
    const hashes = delta.treeHashes.map(hexOf);
    expect(tlogtool('inclusion', index, size, leaf, root, ...hashes).status).toBe(0);
    expect(tlogtool('inclusion', '2', size, leaf, root, ...hashes).status).toBe(1);
  });

  it('accepts consistency of what the customer’s tree was and is', () => {
    const earlier = new StoredTree();
    for (const { receiptId } of alice.events.slice(0, 5)) {
      earlier.append(Buffer.from(receiptId.slice(2), 'hex'));
    }
    const hashes = proveConsistency({ from: 5, to: 7 }, alice.tree.readNode, sha256).map(hexOf);
    const roots = [hexOf(earlier.root()), hexOf(alice.tree.root())];
    expect(tlogtool('consistency', '5', '7', ...roots, ...hashes).status).toBe(0);
    expect(tlogtool('consistency', '5', '7', ...roots.reverse(), ...hashes).status).toBe(1);
  });
});

withJava('Verify.java (skipped without java)', () => {
  const compiled = ['-cp', directory, 'Verify'];
  const verify = (receipt: Receipt, key = verifierKey, program = compiled): Outcome =>
    run('java', [...program, fileOf('receipt.tlog-proof', receiptFileText(receipt)), key]);

  // The script runs as it is; the other cases run it compiled, which starts faster.
  beforeAll(() => {
    expect(run('javac', ['-d', directory, SCRIPT])).toEqual({ status: 0, output: '' });
  });

  it('is a script of at most 150 lines', () => {
    expect(readFileSync(SCRIPT, 'utf8').split('\n').length - 1).toBeLessThanOrEqual(150);
  });

  it('accepts a delta and a period', () => {
    const asScript = verify(delta, verifierKey, [SCRIPT]);
    expect(asScript).toEqual({ status: 0, output: 'verified: delta 4: -475, balance 0\n' });
    expect(verify(january)).toEqual({ status: 0, output: 'verified: period with 3 deltas\n' });
  });

  const [{ leaf }] = delta.deltas as [Receipt['deltas'][number]];
  it.each<[string, Receipt]>([
    ['the seal is not in the log', { ...delta, seal: { ...delta.seal, size: '8' } }],
    ["not in the customer's tree", { ...delta, deltas: [{ leaf: { ...leaf, delta: '-474' } }] }],
    ['the proof is too short', { ...delta, treeHashes: delta.treeHashes.slice(1) }],
    ['private part is not', { ...delta, deltas: [{ leaf, private: '{"reason":"x"}' }] }],
    ['no delta after', log.receipt(alice, aliceSeal, alice.deltas(1, 4), JANUARY)],
  ])('says that %s', (problem, receipt) => {
    expect(verify(receipt)).toEqual({
      status: 1,
      output: expect.stringContaining(problem) as string,
    });
  });

  it('refuses another key', () => {
    const strange = noteVerifierKeyText(new Signer('stranger').verifierKey(ORIGIN));
    expect(verify(delta, strange)).toMatchObject({ status: 1 });
  });
});
