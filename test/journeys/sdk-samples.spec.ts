// The samples of docs/reference/sdk.md, run as they stand there: in order, with the package as it
// is published, against the built service; and their types hold.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWithPackage, runProgramOn } from '../support/sdk-package';
import { OTHER_RUNTIMES, RUNTIMES, type Runtime } from '../support/sdk-runtimes';
import { aDataDir, API_KEY, startService, type ServiceProcess } from '../support/service-process';

const PAGE = readFileSync(join(process.cwd(), 'docs/reference/sdk.md'), 'utf8');
const SAMPLES = [...PAGE.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

let folder: string;
let service: ServiceProcess;

beforeAll(() => {
  folder = folderWithPackage();
});
beforeEach(async () => {
  service = await startService(aDataDir());
});
afterEach(() => service.stop('SIGTERM'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All samples as one program: each in a block of its own, its imports and the client before. */
function program(): string {
  const imports = /^import .*$\n/gm;
  const [first = '', ...rest] = SAMPLES.map((code) => code.replace(imports, ''));
  const blocks = rest.map((code) => `{\n${code}}\n`).join('');
  const names = SAMPLES.join('').match(imports)?.join('') ?? '';
  const given = `const apiKey = '${API_KEY}';\nconst baseUrl = '${service.baseUrl}';\n`;
  return `${names}${given}${first}${blocks}console.log('the end');\n`;
}

/** Compiles them beside their source; returns what the compiler says. */
function compiled(): string {
  const source = join(folder, 'samples.mts');
  writeFileSync(source, program());
  const compilerOptions = {
    strict: true,
    module: 'node16',
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.asynciterable'],
    types: [],
  };
  const project = join(folder, 'tsconfig.json');
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [source] }));
  const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' }).stdout;
}

async function runOn(runtime: Runtime): Promise<void> {
  expect(SAMPLES.length).toBeGreaterThan(5);
  expect(compiled()).toBe('');
  const name = 'compiled.mjs';
  const code = readFileSync(join(folder, 'samples.mjs'), 'utf8');
  const { output, problems } = await runProgramOn(runtime, { folder, name, code, args: [] });
  expect(problems).toBe('');
  const lines = output.trimEnd().split('\n');
  expect(lines[0]).toBe('500');
  expect(lines).toContain('CUSTOMER_NOT_FOUND true');
  expect(lines.at(-1)).toBe('the end');
}

it.each(RUNTIMES)('run as they stand on the page, on $name', runOn);

const withOthers = OTHER_RUNTIMES.length > 0 ? it : it.skip;
withOthers('run on the oldest Node that is promised (skipped without SDK_RUNTIMES)', () => {
  const versions = OTHER_RUNTIMES.map(({ command }) =>
    spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout.trim(),
  );
  expect(versions).toContainEqual(expect.stringMatching(/^v18\./));
});
