// Makes a checkout runnable: installs when node_modules is missing
// or older than the lock file, then builds. `npm start`, `npm test`
// and `npm run bench` call it, so that each works in a fresh clone.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? '.', '..');
const installed = join(root, 'node_modules/.package-lock.json');
const lock = join(root, 'package-lock.json');

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  run('npm', ['ci', '--no-audit', '--no-fund']);
}
run(process.execPath, [join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build']);

/** What the dashboard is made from; its build is repeated only when one of them is newer. */
const PAGES = ['apps/dashboard', 'libs/sdk/src', 'libs/integrity/src', '.ci/vite.config.mjs'];
const page = join(root, 'dist/dashboard/index.html');

function newestMs(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

const sources = [lock, ...PAGES.map((path) => join(root, path))];
if (!existsSync(page) || sources.some((path) => newestMs(path) > statSync(page).mtimeMs)) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const config = join(root, '.ci/vite.config.mjs');
  run(process.execPath, [vite, 'build', '--config', config, '--logLevel', 'warn']);
}
