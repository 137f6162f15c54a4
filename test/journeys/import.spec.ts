// deltabook import against the built service: what a file holds is what is served, once.
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeltabook, type CommandEnded } from '../support/deltabook-command';
import {
  aDataDir,
  API_KEY,
  endOfLog,
  startService,
  type ServiceProcess,
} from '../support/service-process';

const folder = mkdtempSync(join(tmpdir(), 'deltabook-import-'));
let service: ServiceProcess;

beforeAll(async () => {
  service = await startService(aDataDir());
});
afterAll(async () => {
  await service.stop('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

interface Summary {
  readonly accepted: number;
  readonly repeated: number;
  readonly refused: number;
  readonly refusedRows: readonly { readonly line: number; readonly code: string }[];
}

const deltabook = (args: readonly string[], apiKey = API_KEY): Promise<CommandEnded> =>
  startDeltabook(service, args, apiKey).ended;

function aFile(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

interface Customer {
  readonly customerId: string;
  readonly computedBalanceDecimal: string;
  readonly totalDeltas: number;
  readonly firstActivity: string;
  readonly lastActivity: string;
}

async function customersLike(search: string): Promise<readonly Customer[]> {
  const path = `/api/v1/balance/customers?limit=100&sortBy=customerId&search=${search}`;
  const position = await endOfLog(service);
  const { body } = await service.get(`${path}&minPosition=${position}`);
  return (body.data as { customers: readonly Customer[] }).customers;
}

/** Rows of 40 customers in no order of time; every 500th has an amount of 0. */
function rowsOf(name: string, rowCount: number): { csv: string; expected: readonly Customer[] } {
  const lines = ['customerId,delta,reason,referenceId,occurredAt,note'];
  const cents = new Map<string, { sum: number; count: number; days: string[] }>();
  for (let n = 1; n <= rowCount; n += 1) {
    const customerId = `${name}_${String((n * 7) % 40).padStart(2, '0')}`;
    const amount = n % 500 === 0 ? 0 : ((n * 37) % 2_001) - 1_000 || 1;
    const day = `2024-0${1 + (n % 9)}-1${n % 10}`;
    lines.push(`${customerId},${(amount / 100).toFixed(2)},usage,${name}-${n},${day},"row ${n}"`);
    if (amount === 0) continue;
    const found = cents.get(customerId) ?? { sum: 0, count: 0, days: [] };
    cents.set(customerId, found);
    found.sum += amount;
    found.count += 1;
    found.days.push(day);
  }
  const expected = [...cents]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([customerId, found]) => {
      const days = found.days.sort();
      return {
        customerId,
        computedBalanceDecimal: String(found.sum / 100),
        totalDeltas: found.count,
        firstActivity: `${days[0]}T00:00:00.000Z`,
        lastActivity: `${days.at(-1)}T00:00:00.000Z`,
      };
    });
  return { csv: `${lines.join('\n')}\n`, expected };
}

it('brings every row in once, twice the same, and names the refused ones by line', async () => {
  const { csv, expected } = rowsOf('shop', 3_000);
  const file = aFile('shop.csv', csv);
  const refusedFile = join(folder, 'refused.jsonl');
  const args = ['import', file, '--json', '--refused', refusedFile];
  const refusedLines = [501, 1001, 1501, 2001, 2501, 3001];

  const first = await deltabook(args);
  const summary = JSON.parse(first.output) as Summary;
  expect(first.exitCode).toBe(3);
  expect(summary).toMatchObject({ accepted: 2_994, repeated: 0, refused: 6 });
  expect(summary.refusedRows.map(({ line }) => line)).toEqual(refusedLines);
  expect(new Set(summary.refusedRows.map(({ code }) => code))).toEqual(new Set(['INVALID_AMOUNT']));
  expect(readFileSync(refusedFile, 'utf8').trim().split('\n')).toHaveLength(6);
  const served = await customersLike('shop_');
  expect(served).toEqual(expected.map((customer) => expect.objectContaining(customer) as unknown));

  const second = JSON.parse((await deltabook(args)).output) as Summary;
  expect(second).toMatchObject({ accepted: 0, repeated: 2_994, refused: 6 });
  expect(await customersLike('shop_')).toEqual(served);
  expect(existsSync(`${file}.import-progress.json`)).toBe(false);
});

it('goes on where it was stopped', async () => {
  const { csv, expected } = rowsOf('stop', 12_000);
  const file = aFile('stop.csv', csv.replace(',0.00,', ',1e400,'));
  const first = startDeltabook(service, ['import', file, '--batch-size', '10']);
  while ((await customersLike('stop_')).length < 40 && first.process.exitCode === null);
  first.process.kill('SIGTERM');
  expect((await first.ended).exitCode).toBe(1);
  const saved = JSON.parse(readFileSync(`${file}.import-progress.json`, 'utf8')) as {
    readonly settledLine: number;
  };
  expect(saved.settledLine).toBeGreaterThan(1);

  const { exitCode, notes, output } = await deltabook(['import', file]);
  expect(notes).toContain(`going on after line ${saved.settledLine}`);
  expect(exitCode).toBe(3);
  expect(output).toContain('stop.csv:501: ');
  const served = await customersLike('stop_');
  expect(served).toEqual(expected.map((customer) => expect.objectContaining(customer) as unknown));
});

it('maps columns and reads JSON lines', async () => {
  const rows = [
    { account: 'mapped_1', amount: '0.000000001', id: 'm1', tags: ['a'] },
    { account: 'mapped_1', amount: 999_999_999, id: 'm2' },
    { account: 'mapped_2', amount: '5' },
  ];
  const file = aFile('mapped.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  const { exitCode, output } = await deltabook([
    ...['import', file, '--customer-id-column', 'account', '--delta-column', 'amount'],
    ...['--reference-id-column', 'id', '--reason', 'migration'],
  ]);
  expect(exitCode).toBe(3);
  expect(output).toContain('mapped.jsonl:3: MISSING_KEY: ');
  const [customer] = await customersLike('mapped_');
  expect(customer).toMatchObject({
    customerId: 'mapped_1',
    computedBalanceDecimal: '999999999.000000001',
    totalDeltas: 2,
  });
  const { body } = await service.get('/api/v1/balance/customers/mapped_1');
  expect(JSON.stringify(body.data)).toContain('{"tags":["a"]}');
});

it.each<[string, string[], number, RegExp]>([
  ['a file that is not there', ['absent.csv'], 2, /no such file/],
  ['a file without the columns', ['other.csv'], 2, /no column is named "customerId"/],
  ['a batch size over the limit', ['other.csv', '--batch-size', '1001'], 2, /from 1 to 1000/],
])('%s is wrong use', async (_what, [name = '', ...flags], exitCode, message) => {
  aFile('other.csv', 'a,b\n1,2\n');
  const ended = await deltabook(['import', join(folder, name), ...flags]);
  expect(ended.exitCode).toBe(exitCode);
  expect(ended.notes).toMatch(message);
});

it('an unknown key stops it at once', async () => {
  const file = aFile('key.csv', 'customerId,delta,reason,referenceId\nx,1,r,k1\n');
  const { exitCode, notes } = await deltabook(['import', file], `${API_KEY.slice(0, -1)}0`);
  expect(exitCode).toBe(1);
  expect(notes).toContain('stopped: INVALID_API_KEY');
});
