// Command lines and their exit codes, within this process.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program';
import { readCliSettings } from './settings';

const root = mkdtempSync(join(tmpdir(), 'deltabook-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function deltabook(folder: string, ...args: string[]) {
  const results: string[] = [];
  const notes: string[] = [];
  const terminal = {
    result: (line: string) => void results.push(line),
    note: (line: string) => void notes.push(line),
  };
  const settings = {
    ...readCliSettings({}),
    dataDir: join(root, folder),
    installationName: 'spec',
  };
  const exitCode = await runProgram({ terminal, settings }, args);
  return { exitCode, results, notes };
}

describe('a command that cannot be done', () => {
  beforeAll(() => deltabook('made', 'tenants', 'create', 'acme'));

  it.each<[string, string[], string]>([
    ['a tenant that exists', ['tenants', 'create', 'acme'], 'There is a tenant of this name'],
    ['a wrong name', ['tenants', 'create', 'Acme'], 'The name of the tenant is not valid'],
    [
      'a wrong reference key',
      ['tenants', 'create', 'beta', '--reference-key', '5a'],
      'The reference key is not valid',
    ],
    ['an unknown tenant', ['keys', 'create', '--tenant', 'nobody'], 'There is no tenant'],
    ['its keys', ['keys', 'list', '--tenant', 'nobody'], 'There is no tenant'],
    ['an unknown key', ['keys', 'revoke', 'key_0'], 'The tenant has no such API key'],
    ['a name of two lines', ['keys', 'create', '--name', 'a\nb'], 'The name of the key is not'],
  ])('for %s says why in one line and exits with 1', async (_what, args, message) => {
    const { exitCode, results, notes } = await deltabook('made', ...args);
    expect([exitCode, results]).toEqual([1, []]);
    expect(notes).toEqual([expect.stringMatching(new RegExp(`^error: ${message}.*$`))]);
  });

  it('makes no installation where it was only asked for one', async () => {
    const { exitCode, notes } = await deltabook('absent', 'keys', 'list');
    expect([exitCode, existsSync(join(root, 'absent'))]).toEqual([1, false]);
    expect(notes[0]).toContain('no installation in DATA_DIR');
  });

  it.each<[string, string[], boolean]>([
    ['an export that names nothing', [], true],
    ['an export of this machine', ['--tenant', 'acme'], false],
  ])('for %s %j names the key that the API would need, or not', async (_what, args, isNamed) => {
    const { exitCode, notes } = await deltabook('absent', 'export', 'cust_001', ...args);
    expect([exitCode, notes.length]).toEqual([1, 1]);
    expect(notes[0]?.includes('DELTABOOK_API_KEY')).toBe(isNamed);
  });
});

describe('wrong usage', () => {
  it.each<[string, string[]]>([
    ['no command', []],
    ['an unknown command', ['kyes']],
    ['an unknown option', ['keys', 'list', '--all']],
    ['an unknown environment', ['keys', 'create', '--environment', 'test']],
    ['an unknown scope', ['keys', 'create', '--scopes', 'read,admin']],
    ['a scope twice', ['keys', 'create', '--scopes', 'read,read']],
    ['no key', ['keys', 'revoke']],
  ])('with %s exits with 2 and does nothing', async (_what, args) => {
    const { exitCode, results, notes } = await deltabook('unused', ...args);
    expect([exitCode, results]).toEqual([2, []]);
    expect(notes.length).toBeGreaterThan(0);
    expect(existsSync(join(root, 'unused'))).toBe(false);
  });
});

it('help shows examples and exits with 0', async () => {
  const { exitCode, results, notes } = await deltabook('unused', 'keys', '--help');
  expect([exitCode, notes]).toEqual([0, []]);
  expect(results.join('\n')).toContain('deltabook keys create --tenant acme');
});
