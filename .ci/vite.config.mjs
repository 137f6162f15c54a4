// How the dashboard is built: hashed file names, one chunk for what every page needs, and beside
// every file its compressed twin, so that the service compresses nothing while it serves.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const root = join(import.meta.dirname, '..');
const library = (name) => join(root, 'libs', name, 'src/index.ts');
const outDir = join(root, 'dist/dashboard');
const COMPRESSED = /\.(js|css|html|svg|json)$/;

const compress = {
  name: 'compress',
  closeBundle() {
    for (const name of readdirSync(outDir, { recursive: true })) {
      if (!COMPRESSED.test(name)) continue;
      const bytes = readFileSync(join(outDir, name));
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
      writeFileSync(join(outDir, `${name}.br`), brotliCompressSync(bytes, { params }));
      writeFileSync(join(outDir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    }
  },
};

export default defineConfig({
  root: join(root, 'apps/dashboard'),
  resolve: {
    alias: { '@deltabook/sdk': library('sdk'), '@deltabook/integrity': library('integrity') },
  },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onLog(level, log, handle) {
        // Marks of server components, which there are none of.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  worker: { format: 'es' },
  plugins: [compress],
  server: { proxy: { '/api': 'http://127.0.0.1:3000', '/session': 'http://127.0.0.1:3000' } },
});
