// deltabook verify over the receipts that are kept as examples: whole ones and tampered ones.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../run-program';
import { readCliSettings } from '../settings';

const RECEIPTS = join(process.cwd(), 'test/golden/receipts/v1');
const KEY_FILE = join(RECEIPTS, 'verifier-key.txt');
const KEY = readFileSync(KEY_FILE, 'utf8').trim();
const folder = mkdtempSync(join(tmpdir(), 'deltabook-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function verify(...args: string[]) {
  const results: string[] = [];
  const notes: string[] = [];
  const terminal = {
    result: (line: string) => void results.push(line),
    note: (line: string) => void notes.push(line),
  };
  const exitCode = await runProgram({ terminal, settings: readCliSettings({}) }, [
    'verify',
    ...args,
  ]);
  return { exitCode, output: results.join('\n'), notes: notes.join('\n') };
}

const receipt = (name: string): string => join(RECEIPTS, name);
const isTampered = (name: string): boolean => name.startsWith('tampered-');
const names = readdirSync(RECEIPTS).filter((name) => name.endsWith('.tlog-proof'));

describe('deltabook verify', () => {
  it.each(names.filter((name) => !isTampered(name)))('proves %s', async (name) => {
    for (const form of [name, name.replace('.tlog-proof', '.json')]) {
      const { exitCode, output, notes } = await verify(receipt(form), '--key', KEY);
      expect([exitCode, notes]).toEqual([0, '']);
      expect(output).toMatch(/^proven\ncustomer {2}0x[0-9a-fA-F]{40}\n/);
    }
  });

  it.each(names.filter(isTampered))('refuses %s', async (name) => {
    const reason = name.split('.')[1];
    const { exitCode, output, notes } = await verify(receipt(name), '--key-file', KEY_FILE);
    expect([exitCode, output]).toEqual([1, '']);
    expect(notes).toMatch(new RegExp(`^refused: ${reason}: `));
    const asJson = await verify(receipt(name), '--key-file', KEY_FILE, '--json');
    expect(JSON.parse(asJson.output)).toMatchObject({ ok: false, reason });
  });

  it('shows of a period that none of its deltas is missing', async () => {
    const { output } = await verify(receipt('january.tlog-proof'), '--key', KEY);
    expect(output).toMatch(/\ndeltas {4}\d+, none is missing\nopening {3}/);
    const json = await verify(receipt('january.tlog-proof'), '--key', KEY, '--json');
    expect(JSON.parse(json.output)).toMatchObject({ ok: true, period: { openEnd: false } });
  });

  it('refuses a receipt that is of another customer or delta than was asked for', async () => {
    const other = `0x${'0'.repeat(40)}`;
    const delta = receipt('delta.tlog-proof');
    const ofOther = await verify(delta, '--key', KEY, '--reference', other);
    expect(ofOther).toMatchObject({
      exitCode: 1,
      notes: expect.stringMatching(/OTHER_CUSTOMER/) as string,
    });
    const ofDelta = await verify(delta, '--key', KEY, '--receipt-id', `0x${'0'.repeat(64)}`);
    expect(ofDelta.notes).toMatch(/OTHER_DELTA/);
  });

  it('writes the record of the outer proof', async () => {
    const file = join(folder, 'record');
    await verify(receipt('delta.tlog-proof'), '--key', KEY, '--write-record', file);
    const { seal } = JSON.parse(readFileSync(receipt('delta.json'), 'utf8')) as { seal: object };
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(seal);
  });

  it.each([
    ['no key', []],
    ['a key with a copying error', ['--key', KEY.replace('+c8ad', '+c8ae')]],
    ['a file of keys that is none', ['--key-file', receipt('log.json')]],
    ['a file that is not there', ['--key-file', receipt('none')]],
  ])('with %s is wrong usage', async (_what, args) => {
    const { exitCode, output } = await verify(receipt('delta.tlog-proof'), ...args);
    expect([exitCode, output]).toEqual([2, '']);
  });

  it('refuses what is no receipt', async () => {
    const file = join(folder, 'no-receipt.json');
    writeFileSync(file, '{"format":"other"}');
    const { exitCode, notes } = await verify(file, '--key', KEY);
    expect([exitCode, notes]).toEqual([1, expect.stringMatching(/^refused: MALFORMED_RECEIPT: /)]);
  });
});
