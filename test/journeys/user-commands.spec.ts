// What users do with deltabook, against the built service: as a person and as a script.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/cli-process';
import { startDeltabook, type CommandEnded } from '../support/deltabook-command';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

let service: ServiceProcess;

beforeAll(async () => {
  service = await startService(aDataDir());
});
afterAll(async () => {
  await service.stop('SIGTERM');
});

const deltabook = (...args: string[]): Promise<CommandEnded> => startDeltabook(service, args).ended;

async function asJson(...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, output, notes } = await deltabook(...args, '--json');
  expect([exitCode, notes]).toEqual([0, '']);
  return JSON.parse(output) as Record<string, unknown>;
}

describe('deltabook emit', () => {
  it('records a delta and says what came of it', async () => {
    const { exitCode, output } = await deltabook('emit', 'cust_001', '500', 'initial_deposit');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^customer {2}cust_001\ndelta {5}\+500\nbalance {3}500\nstatus {4}/);
    expect(output).toMatch(/record {4}rec_[a-z2-7]{40}\nreceipt {3}0x[0-9a-f]{64}\n$/);
  });

  it('takes negative amounts and everything that a delta can carry', async () => {
    const emitted = await asJson(
      ...['emit', 'cust_002', '-12.500000001', 'usage', '--reference-id', 'usage-1'],
      ...['--metadata', '{"region":"eu"}', '--occurred-at', '2026-04-01', '--wait'],
    );
    expect(emitted).toMatchObject({
      deltaDecimal: '-12.500000001',
      referenceId: 'usage-1',
      metadata: { region: 'eu' },
      occurredAt: '2026-04-01T00:00:00.000Z',
      status: 'VERIFIED',
    });
    const { recordId } = emitted as { recordId: string };
    const mended = await asJson('emit', 'cust_002', '0.5', 'correction', '--adjusts', recordId);
    expect(mended).toMatchObject({
      adjusts: { recordId },
      computedBalanceDecimal: '-12.000000001',
    });
  });

  it('counts once under one key', async () => {
    const args = ['emit', 'cust_003', '1', 'usage', '--idempotency-key', 'once'];
    const [first, second] = [await asJson(...args), await asJson(...args)];
    expect(second).toMatchObject({ recordId: first['recordId'], idempotent: true });
    const other = await deltabook('emit', 'cust_003', '2', 'usage', '--idempotency-key', 'once');
    expect(other).toMatchObject({ exitCode: 1, output: '' });
    expect(other.notes).toMatch(/^error: IDEMPOTENCY_CONFLICT: /);
  });

  it('says how to ask again when nobody answers', async () => {
    const nobody = { ...service, baseUrl: 'http://127.0.0.1:1' };
    const { exitCode, notes } = await startDeltabook(nobody, ['emit', 'a', '1', 'usage']).ended;
    expect(exitCode).toBe(1);
    expect(notes).toMatch(/^to ask again: --idempotency-key [0-9a-f-]{36}\nerror: NETWORK_ERROR: /);
  });

  it.each([
    ['no amount', ['cust_001']],
    ['metadata that is no object', ['cust_001', '1', 'usage', '--metadata', '[]']],
    ['a key file that is not there', ['cust_001', '1', 'usage', '--api-key-file', '/none']],
  ])('with %s is wrong usage', async (_what, args) => {
    const { exitCode, output, notes } = await deltabook('emit', ...args);
    expect([exitCode, output]).toEqual([2, '']);
    expect(notes).toMatch(/^error: /);
  });

  it('needs an API key', async () => {
    const run = await startDeltabook(service, ['emit', 'cust_001', '1', 'usage'], '').ended;
    expect(run.exitCode).toBe(2);
    expect(run.notes).toBe('error: no API key: set DELTABOOK_API_KEY or give --api-key-file\n');
  });
});

describe('reading', () => {
  let recordedCount = 0;
  beforeAll(async () => {
    const deltas = Array.from({ length: 230 }, (_, n) => ({
      customerId: n < 120 ? `many_${String(n).padStart(3, '0')}` : 'busy_001',
      delta: '0.25',
      reason: 'usage',
    }));
    const { body } = await service.post('/api/v1/balance/delta/batch', { deltas });
    const { results, position } = body.data as { results: object[]; position: string };
    recordedCount = results.length;
    // Whoever reads after this finds all of them.
    await service.get(`/api/v1/balance/customers?minPosition=${position}`);
  });

  it('customers shows a page, sorted and searched', async () => {
    expect(recordedCount).toBe(230);
    const { exitCode, output, notes } = await deltabook(
      ...[
        'customers',
        '--search',
        'many_',
        '--sort-by',
        'customerId',
        '--limit',
        '2',
        '--page',
        '3',
      ],
    );
    expect(exitCode).toBe(0);
    const [heading, ...rows] = output.trimEnd().split('\n');
    expect(heading).toMatch(/^CUSTOMER {2,}REFERENCE {2,}DELTAS {2,}BALANCE {2,}LAST ACTIVITY$/);
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual(['many_004', 'many_005']);
    expect(notes).toBe('page 3 of 60, 120 customers\n');
  });

  it('customers --all goes through every page', async () => {
    const { output } = await deltabook('customers', '--search', 'many_', '--all', '--json');
    const ids = output
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { customerId: string }).customerId);
    expect(new Set(ids).size).toBe(120);
    const table = await deltabook('customers', '--search', 'many_', '--all');
    expect(table.output.match(/CUSTOMER/g)).toHaveLength(1);
    expect(table.output.trimEnd().split('\n')).toHaveLength(121);
  });

  it('customer shows the record and its activity, the newest first', async () => {
    const { output } = await deltabook('customer', 'busy_001', '--limit', '2');
    expect(output).toMatch(/^customer {8}busy_001\nreference {7}0x[0-9a-fA-F]{40}\n/);
    expect(output).toContain('balance         27.5\n');
    const rows = output.slice(output.indexOf('\n#')).trim().split('\n').slice(1);
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual(['110', '109']);
    const all = await deltabook('customer', 'busy_001', '--all', '--json');
    expect(all.output.trimEnd().split('\n')).toHaveLength(110);
    const record = await asJson('customer', 'busy_001');
    expect(record).toMatchObject({ customerId: 'busy_001', totalDeltas: 110 });
  });

  it('derive adds up, and lists what it adds', async () => {
    const { output } = await deltabook('derive', 'busy_001', '--starting-balance', '-7.5');
    expect(output).toContain('start       -7.5\nbalance     20\ndeltas      110\n');
    const listed = await deltabook('derive', 'busy_001', '--deltas');
    expect(listed.output.split('\n')[1]).toMatch(/^1 .* \+0\.25 +0\.25 +usage +0x[0-9a-f]{64}$/);
    expect(await asJson('derive', 'busy_001')).toMatchObject({ computedBalanceDecimal: '27.5' });
  });

  it('of a customer that is not there is refused, with the code', async () => {
    const { exitCode, output, notes } = await deltabook('customer', 'nobody');
    expect([exitCode, output]).toEqual([1, '']);
    expect(notes).toMatch(/^error: CUSTOMER_NOT_FOUND: /);
  });
});

describe('proving', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deltabook-user-commands-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let recordId = '';

  beforeAll(async () => {
    await asJson('emit', 'proven_001', '40', 'top_up', '--wait');
    const emitted = await asJson('emit', 'proven_001', '-2.5', 'usage', '--wait');
    ({ recordId } = emitted as { recordId: string });
  });

  it('receipt keeps a file that verify accepts with nothing but the public key', async () => {
    const file = join(folder, 'receipt.tlog-proof');
    const kept = await deltabook('receipt', 'proven_001', '--output', file);
    expect(kept).toMatchObject({ exitCode: 0, notes: `written to ${file}\n` });
    expect(kept.output).toMatch(/^proven\ncustomer {2}0x.*\n.*\ndeltas {4}2, none is missing\n/);
    expect(kept.output).toContain('closing   37.5, more may follow\n');
    const keys = join(folder, 'keys.json');
    const document = await fetch(`${service.baseUrl}/.well-known/deltabook-keys`);
    writeFileSync(keys, await document.text());
    const reply = join(folder, 'reply.json');
    const { body } = await service.get('/api/v1/balance/receipt/proven_001');
    writeFileSync(reply, JSON.stringify(body));
    for (const receipt of [file, reply]) {
      const verified = await runCli(['verify', receipt, '--key-file', keys]);
      expect(verified).toMatchObject({ exitCode: 0, stdout: kept.output });
    }
  });

  it('receipt of one delta goes to standard output, without its content', async () => {
    const args = ['receipt', 'proven_001', '--record-id', recordId, '--no-content'];
    const { exitCode, output, notes } = await deltabook(...args, '--output', '-');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra /);
    expect(notes).toContain('delta     -2.5, number 2 of the customer\n');
    const extra = /^extra (.*)$/m.exec(output)?.[1] ?? '';
    expect(Buffer.from(extra, 'base64').toString('latin1')).not.toContain('usage');
  });

  it('receipt is not kept where a key is trusted that did not sign it', async () => {
    const file = join(folder, 'none.tlog-proof');
    const key = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=';
    const args = ['receipt', 'proven_001', '--key', key, '--output', file];
    const { exitCode, notes } = await deltabook(...args);
    expect([exitCode, existsSync(file)]).toEqual([1, false]);
    expect(notes).toMatch(/^error: NOT_LINKED: /);
    const both = await deltabook('receipt', 'a', '--period', '2026-04', '--record-id', recordId);
    expect(both.exitCode).toBe(2);
  });

  it('compare says whose claim is borne out', async () => {
    const { output } = await deltabook(
      'compare',
      'proven_001',
      '--yours',
      '37.5',
      '--theirs',
      '40',
    );
    expect(output).toContain(
      'recorded    37.5, from 2 deltas\nyours       37.5, matches\ntheirs      40, off by +2.5\n',
    );
    const json = await asJson('compare', 'proven_001', '--yours', '-1', '--theirs', '37.5');
    expect(json).toMatchObject({ matchesYours: false, matchesTheirs: true });
    expect((await deltabook('compare', 'proven_001', '--yours', '1')).exitCode).toBe(2);
  });
});
