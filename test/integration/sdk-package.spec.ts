// The package as its users get it: no dependency, both module systems, types that hold in both.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startScriptedServer, success, type ScriptedServer } from '../support/scripted-server';
import { folderWithPackage, placeOfPackage, runProgramOn } from '../support/sdk-package';
import { RUNTIMES, type Runtime } from '../support/sdk-runtimes';

const CALLS = `
const pac = new PacSpace({ apiKey: 'pk_test_a.b', baseUrl: process.argv[2] });
const { customers } = await pac.balance.customers();
const customer = await pac.balance.customer('cust_001');
console.log(customer.computedBalance, customers.length, pac instanceof PacSpace);
`;
const TYPED = `
import { PacSpace, NotFoundError, type CustomerSummary } from '@deltabook/sdk';
const pac = new PacSpace({ apiKey: 'pk_test_a.b' });
export async function read(): Promise<number> {
  const { customers } = await pac.balance.customers({ sortBy: 'balance', limit: 5 });
  const first: CustomerSummary | undefined = customers[0];
  const customer = await pac.balance.customer(first?.customerId ?? 'cust_001');
  for await (const item of pac.balance.customer('cust_001')) if (item.status === 'verified') break;
  return customer.computedBalance;
}
export const isMissing = (error: unknown): boolean =>
  error instanceof NotFoundError && error.code === 'CUSTOMER_NOT_FOUND';
`;

let folder: string;
let server: ScriptedServer;

beforeAll(async () => {
  folder = folderWithPackage();
  server = await startScriptedServer(() =>
    success({ customers: [{}], computedBalance: 4500, recentActivity: {} }),
  );
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(runtime: Runtime, name: string, code: string): Promise<string> {
  const program = { folder, name, code, args: [server.baseUrl] };
  const { output, problems } = await runProgramOn(runtime, program);
  return output + problems;
}

const AS_ESM = `import { PacSpace } from '@deltabook/sdk';${CALLS}`;
const AS_CJS = `const { PacSpace } = require('@deltabook/sdk');(async () => {${CALLS}})();`;

it.each(RUNTIMES)('runs as an ES module on $name', async (runtime) => {
  expect(await run(runtime, 'user.mjs', AS_ESM)).toBe('4500 1 true\n');
});

it.each(RUNTIMES)('runs as CommonJS on $name', async (runtime) => {
  expect(await run(runtime, 'user.cjs', AS_CJS)).toBe('4500 1 true\n');
});

it('needs no other package and no module of Node', () => {
  const place = placeOfPackage(folder);
  for (const format of ['esm', 'cjs']) {
    const text = readFileSync(join(place, format, 'index.js'), 'utf8');
    expect(text).not.toMatch(/^\s*(import|export)\b.*\bfrom\b|\brequire\(['"]/m);
  }
  const { dependencies } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
    dependencies?: object;
  };
  expect(dependencies).toBeUndefined();
});

it('has types that hold in both module systems, with nothing of Node around', () => {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    module: 'node16',
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
  };
  const files = ['typed.mts', 'typed.cts'];
  for (const name of files) writeFileSync(join(folder, name), TYPED);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
});
