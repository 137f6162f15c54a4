// Imports every CSV file of the folder IMPORT_FILES, twice, and compares what is served with sums
// over the files. Real records find what made-up ones do not; they are not part of the repository.
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeltabook } from '../support/deltabook-command';
import {
  aDataDir,
  endOfLog,
  MARKER,
  startService,
  type ServiceProcess,
} from '../support/service-process';

const folder = process.env['IMPORT_FILES'] ?? '';
const files = folder === '' ? [] : readdirSync(folder).filter((name) => name.endsWith('.csv'));
const describeWithFiles = files.length === 0 ? describe.skip : describe;
const PAGE_LIMIT = 100;
const MINUTES = 60_000;

interface Customer {
  readonly customerId: string;
  readonly computedBalanceDecimal: string;
  readonly totalDeltas: number;
  readonly firstActivity: string;
  readonly lastActivity: string;
}

interface Sum {
  readonly cents: number;
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

/** Sums of a file without quoted columns and with at most two decimals. */
function addFile(name: string, sums: Map<string, Sum>): { rows: number; zeros: number[] } {
  const [header = '', ...lines] = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  const columns = header.split(',');
  const at = (column: string): number => columns.indexOf(column);
  const zeros: number[] = [];
  for (const [index, line] of lines.entries()) {
    const cells = line.split(',');
    const cents = Math.round(Number(cells[at('delta')]) * 100);
    const [customerId = '', day = ''] = [cells[at('customerId')], cells[at('occurredAt')]];
    if (cents === 0) zeros.push(index + 2);
    else sums.set(customerId, added(sums.get(customerId), cents, day));
  }
  return { rows: lines.length, zeros };
}

function added(sum: Sum | undefined, cents: number, day: string): Sum {
  if (!sum) return { cents, count: 1, first: day, last: day };
  return {
    cents: sum.cents + cents,
    count: sum.count + 1,
    first: day < sum.first ? day : sum.first,
    last: day > sum.last ? day : sum.last,
  };
}

async function served(service: ServiceProcess): Promise<Map<string, Customer>> {
  const customers = new Map<string, Customer>();
  const position = await endOfLog(service);
  for (let page = 1; ; page += 1) {
    const path = `/api/v1/balance/customers?page=${page}&limit=${PAGE_LIMIT}`;
    const { body } = await service.get(`${path}&minPosition=${position}`);
    const rows = (body.data as { customers: readonly Customer[] }).customers;
    for (const row of rows) if (row.customerId !== MARKER) customers.set(row.customerId, row);
    if (rows.length < PAGE_LIMIT) return customers;
  }
}

describeWithFiles('real files (in the folder IMPORT_FILES)', () => {
  it(
    'are served as they are summed, and a second import changes nothing',
    async () => {
      const service = await startService(aDataDir());
      const sums = new Map<string, Sum>();
      for (const name of files) {
        const { rows, zeros } = addFile(name, sums);
        for (const isFirst of [true, false]) {
          const progressFile = join(tmpdir(), `${process.pid}-${name}.progress.json`);
          const args = ['import', join(folder, name), '--json', '--progress-file', progressFile];
          const { exitCode, output } = await startDeltabook(service, args).ended;
          const summary = JSON.parse(output) as {
            readonly accepted: number;
            readonly repeated: number;
            readonly refusedRows: readonly { readonly line: number }[];
          };
          if (!isFirst) expect(summary.accepted).toBe(0);
          expect(summary.accepted + summary.repeated).toBe(rows - zeros.length);
          expect(summary.refusedRows.map(({ line }) => line)).toEqual(zeros);
          expect(exitCode).toBe(zeros.length === 0 ? 0 : 3);
        }
      }
      const customers = await served(service);
      expect(customers.size).toBe(sums.size);
      for (const [customerId, { cents, count, first, last }] of sums) {
        expect(customers.get(customerId)).toMatchObject({
          computedBalanceDecimal: String(cents / 100),
          totalDeltas: count,
          firstActivity: `${first}T00:00:00.000Z`,
          lastActivity: `${last}T00:00:00.000Z`,
        });
      }
      await service.stop('SIGTERM');
    },
    20 * MINUTES,
  );
});
