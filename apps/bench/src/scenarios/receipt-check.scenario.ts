// How long checking the receipt of one delta takes where it is checked: in a program on Node and
// in a browser, by the SDK as it is published, and by the command line's own path.
import { Ed25519Signer, sha256, verifyEd25519 } from '@deltabook/adapters/node-crypto';
import { noteVerifierKey, signedNoteText, utf8, verifyReceiptFile } from '@deltabook/integrity';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Ledger } from '../ledger';
import { farReceipt } from '../receipts/far-receipt';
import type { Bench, Measure, Row, Scenario, ScenarioReport } from '../scenario';
import { CHROMIUM } from '../settings';

const BUILD_SDK = '.ci/build-sdk.mjs';
const CHECKS = 200;
const MS_MAX = 5;
const KIB = 1_024;
const KIB_MAX = 3.5;

export const receiptCheck: Scenario = {
  name: 'receipt-check',
  title: 'Checking the receipt of one delta, both trees with 10,000,000 leaves',
  run,
};

interface Place {
  readonly baseUrl: string;
  readonly text: string;
  readonly checks: number;
}

type Sdk = typeof import('@deltabook/sdk');

/** Milliseconds of each check, the first one cold. Its text runs in the page too. */
async function timed({ PacSpace }: Sdk, place: Place): Promise<readonly number[]> {
  const { baseUrl, text, checks } = place;
  const client = new PacSpace({ apiKey: 'pk_test_bench.of-no-use-here', baseUrl });
  // The public keys are fetched once, for a receipt that is refused.
  await client.verifyReceipt(text.slice(0, -2)).catch(() => undefined);
  const millis: number[] = [];
  for (let i = 0; i < checks; i += 1) {
    const startedAt = performance.now();
    await client.verifyReceipt(text);
    millis.push(performance.now() - startedAt);
  }
  return millis;
}

async function run(bench: Bench): Promise<ScenarioReport> {
  const dataDir = bench.folder('receipt-check');
  const ledger = await Ledger.start({ DATA_DIR: dataDir }, bench.generator);
  const text = await receiptOf(ledger, dataDir);
  const folder = bench.folder('receipt-check-sdk');
  execFileSync(process.execPath, [BUILD_SDK, folder], { stdio: 'inherit' });
  const given = { baseUrl: ledger.service.url, text, checks: CHECKS };
  const places: Record<string, readonly number[]> = {
    'Node, SDK': await inNode(join(folder, 'cjs'), given),
    'Node, native crypto': natively(text, dataDir),
  };
  if (existsSync(CHROMIUM)) {
    places['Chromium, SDK'] = await inChromium(join(folder, 'esm/index.js'), given);
  } else bench.note(`no Chromium at ${CHROMIUM}: set CHROMIUM to where it is`);
  await ledger.stop();
  const size = { what: 'receipt file, KiB', value: utf8(text).length / KIB };
  return {
    rows: Object.entries(places).map(([where, millis]) => rowOf(where, millis)),
    measures: [
      ...Object.entries(places).map(([where, millis]) => measureOf(where, millis)),
      { ...size, bar: { atMost: KIB_MAX } },
    ],
  };
}

/** Signed with the key of the service, so that its public keys are those to be checked against. */
async function receiptOf(ledger: Ledger, dataDir: string): Promise<string> {
  await ledger.recordOne('bench-receipt');
  await ledger.waitUntilVerified();
  const response = await fetch(`${ledger.service.url}/.well-known/deltabook-keys`);
  const { installation } = (await response.json()) as { readonly installation: string };
  const origin = `${installation}/default-sandbox`;
  const signer = signerOf(dataDir);
  const { name, id } = noteVerifierKey(origin, signer.publicKey, sha256);
  const noteOf = (text: string): string =>
    signedNoteText({ text, signatures: [{ name, id, signature: signer.sign(utf8(text)) }] });
  return farReceipt({ origin, sha256, noteOf });
}

const signerOf = (dataDir: string): Ed25519Signer =>
  Ed25519Signer.ofFile(join(dataDir, 'signing-key.pem'));

const inNode = (folder: string, place: Place): Promise<readonly number[]> =>
  timed(createRequire(__filename)(folder) as Sdk, place);

function natively(text: string, dataDir: string): readonly number[] {
  const [, origin = ''] = /\n\n(.+)\n/.exec(text) ?? [];
  const keys = [noteVerifierKey(origin, signerOf(dataDir).publicKey, sha256)];
  return Array.from({ length: CHECKS }, () => {
    const startedAt = performance.now();
    const verdict = verifyReceiptFile(text, keys, { sha256, verifyEd25519 });
    const ms = performance.now() - startedAt;
    if (!verdict.ok) throw new Error(`the receipt is refused: ${verdict.problem}`);
    return ms;
  });
}

async function inChromium(file: string, place: Place): Promise<readonly number[]> {
  const chromiumSandbox = process.getuid?.() !== 0;
  const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox });
  try {
    const page = await browser.newPage();
    const [sdk, blank] = [`${place.baseUrl}/bench/sdk.js`, `${place.baseUrl}/bench/`];
    const contentType = 'text/javascript';
    await page.route(sdk, (route) => route.fulfill({ contentType, body: readFileSync(file) }));
    await page.route(blank, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(blank);
    const given = JSON.stringify(place);
    return await page.evaluate<readonly number[]>(
      `import('${sdk}').then((loaded) => (${timed.toString()})(loaded, ${given}))`,
    );
  } finally {
    await browser.close();
  }
}

const sorted = (millis: readonly number[]): readonly number[] => [...millis].sort((a, b) => a - b);
const at = (millis: readonly number[], share: number): number =>
  sorted(millis)[Math.floor(share * (millis.length - 1))] ?? NaN;

const rowOf = (where: string, millis: readonly number[]): Row => ({
  where,
  'first ms': millis[0] ?? NaN,
  'p50 ms': at(millis, 0.5),
  'p99 ms': at(millis, 0.99),
});

const measureOf = (where: string, millis: readonly number[]): Measure => ({
  what: `${where}: ms of a check, p50`,
  value: at(millis, 0.5),
  bar: { atMost: MS_MAX },
});
