// Makes the package of the SDK, ready to publish: one ESM and one CommonJS file without
// dependencies, and the types of both. Usage: node .ci/build-sdk.mjs [folder], dist/sdk by default.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'rolldown';

const root = join(import.meta.dirname, '..');
const out = resolve(process.argv[2] ?? join(root, 'dist/sdk'));
const source = (library) => join(root, 'libs', library, 'src/index.ts');

async function bundle(format) {
  await build({
    input: source('sdk'),
    platform: 'neutral',
    resolve: { alias: { '@deltabook/integrity': source('integrity') }, mainFields: ['module'] },
    transform: { target: 'es2022' },
    output: { file: join(out, format, 'index.js'), format, sourcemap: true },
    logLevel: 'warn',
  });
  const type = format === 'esm' ? 'module' : 'commonjs';
  writeFileSync(join(out, format, 'package.json'), `${JSON.stringify({ type })}\n`);
}

/** Library aliases become paths, and paths whole names: both module systems resolve those. */
function resolveImports(folder, file) {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8').replace(
    /((?:from|import)\s*\(?\s*)'([^']+)'/g,
    (_, before, name) => {
      const library = /^@deltabook\/([a-z]+)$/.exec(name)?.[1];
      const target = library === undefined ? name : join(folder, library, 'src/index');
      const place = library === undefined ? name : relative(dirname(path), target);
      return `${before}'${place.startsWith('.') ? `${place}.js` : place}'`;
    },
  );
  writeFileSync(path, text);
}

function declareTypes(folder) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const project = join(root, 'libs/sdk/tsconfig.json');
  const { status } = spawnSync(process.execPath, [tsc, '-p', project, '--outDir', folder], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  for (const file of readdirSync(folder, { recursive: true })) {
    if (file.endsWith('.d.ts')) resolveImports(folder, file);
  }
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const format of ['esm', 'cjs']) await bundle(format);
declareTypes(join(out, 'esm/types'));
cpSync(join(out, 'esm/types'), join(out, 'cjs/types'), { recursive: true });
cpSync(join(root, 'libs/sdk/package.json'), join(out, 'package.json'));
cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
