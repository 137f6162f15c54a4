// The SDK against the built service: the lines of the page of customer records as they stand there,
// and receipts that are believed only where they are proven.
import { PacSpace, ReceiptRefusedError, type KeyPins, type PacSpaceOptions } from '@deltabook/sdk';
import {
  startScriptedServer,
  type Scripted,
  type ScriptedServer,
} from '../support/scripted-server';
import { runCli } from '../support/cli-process';
import { failureOf } from '../support/scripted-client';
import { aDataDir, API_KEY, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const apiKey = API_KEY;
let service: ServiceProcess;
let baseUrl: string;
let pac: PacSpace;

beforeAll(async () => {
  service = await startService(aDataDir(), { VERIFY_ROUND_MS: '50' });
  baseUrl = service.baseUrl;
  pac = new PacSpace({ apiKey, baseUrl });
  for (const [delta, reason] of [
    [500, 'initial_deposit'],
    [-0.25, 'usage'],
    ['4000.25', 'top_up'],
  ] as const) {
    await pac.balance.emitAndWait('cust_001', delta, reason, { metadata: { b: [1], a: 'x' } });
  }
  await pac.balance.emitAndWait('cust_002', 1, 'usage');
});
afterAll(async () => {
  await service.stop('SIGTERM');
});

it('runs the lines of the page as they stand there', async () => {
  const pac = new PacSpace({ apiKey, baseUrl });
  const lines: number[] = [];
  const console = { log: (line: number) => lines.push(line) };

  const { customers } = await pac.balance.customers();
  const customer = await pac.balance.customer('cust_001');
  console.log(customer.computedBalance);

  expect(lines).toEqual([4500]);
  expect(customers.map(({ customerId }) => customerId)).toEqual(['cust_001', 'cust_002']);
  const [first] = customers;
  expect(customer.customerReference).toBe(first?.customerReference);
});

it('shows the same reference as the API and the command line', async () => {
  const { customerReference } = await pac.balance.customer('cust_001');
  const { body } = await service.get('/api/v1/balance/customers/cust_001');
  expect(body.data).toMatchObject({ customerReference });
  const environment = { DELTABOOK_API_KEY: apiKey, DELTABOOK_URL: baseUrl };
  const { stdout } = await runCli(['customer', 'cust_001', '--json'], environment);
  expect(JSON.parse(stdout)).toMatchObject({ customerReference });
});

/** Passes everything on to the service, and what it answers through `change`. */
function between(change: (path: string, text: string) => string): Promise<ScriptedServer> {
  const replies = new Map<string, string>();
  const answer = ({ url }: { readonly url: string }): Scripted => ({
    body: change(url, replies.get(url) ?? ''),
  });
  return loadedWith(replies).then(() => startScriptedServer(answer));
}

const RECEIPT = '/api/v1/balance/receipt/cust_001';
const KEYS = '/.well-known/deltabook-keys';

async function loadedWith(replies: Map<string, string>): Promise<void> {
  for (const path of [RECEIPT, `${RECEIPT}?format=tlog-proof`, KEYS]) {
    const response = await fetch(`${baseUrl}${path}`, { headers: { 'X-Api-Key': apiKey } });
    replies.set(path, await response.text());
  }
}

/** What comes of asking for the receipt, and for its file, through somebody in between. */
async function refusalsThrough(
  change: (path: string, text: string) => string,
  options: PacSpaceOptions = {},
): Promise<readonly string[]> {
  const server = await between(change);
  const client = new PacSpace({ apiKey, baseUrl: server.baseUrl, ...options });
  const errors = [
    await failureOf(client.balance.receipt('cust_001')),
    await failureOf(client.balance.receiptFile('cust_001')),
  ];
  await server.stop();
  expect(errors.every((error) => error instanceof ReceiptRefusedError)).toBe(true);
  return errors.map(({ code }) => code);
}

describe('receipts', () => {
  it('of a history, a month and a delta are handed over once they are proven', async () => {
    const receipt = await pac.balance.receipt('cust_001');
    expect(receipt).toMatchObject({ deltasCount: 3, finalBalanceDecimal: '4500', complete: false });
    const { proofRoot } = await pac.balance.derive('cust_001');
    expect(receipt.proofRoot).toBe(proofRoot);
    const month = receipt.generatedAt.slice(0, 7);
    expect(await pac.balance.receipt('cust_001', { period: month })).toMatchObject({
      period: month,
      startingBalance: 0,
    });
    const [first] = receipt.deltas;
    const { receiptId = '', recordId = '' } = first ?? {};
    for (const asked of [{ receiptId }, { recordId }]) {
      const one = await pac.balance.receipt('cust_001', asked);
      expect(one).toMatchObject({ deltasCount: 1, finalBalance: 500, proofRoot: receiptId });
    }
    const empty = { timePreset: 'custom', startDate: '2020-01-01', endDate: '2020-02-01' } as const;
    expect(await pac.balance.receipt('cust_001', empty)).toMatchObject({ deltasCount: 0 });
    const silent = await pac.balance.receipt('cust_001', { content: 'exclude' });
    expect(silent.deltas[0]).toMatchObject({ reason: '', metadata: null });
  });

  it('come as a file that anyone can check', async () => {
    const { text: file, proven } = await pac.balance.receiptFile('cust_001');
    expect(file).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra /);
    const { deltas, period } = await pac.verifyReceipt(file);
    expect(proven).toMatchObject({ deltas, period });
    expect([deltas.length, period?.closing]).toEqual([3, '4500']);
    const { proof } = await pac.balance.receipt('cust_001');
    expect(await pac.verifyReceipt(JSON.stringify(proof))).toMatchObject({ ok: true });
    for (const text of ['', '{', 'c2sp.org/tlog-proof@v1\n']) {
      expect(await failureOf(pac.verifyReceipt(text))).toMatchObject({ code: 'MALFORMED_RECEIPT' });
    }
  });

  it.each<[string, (text: string) => string]>([
    ['an amount of the proof', (text) => text.replace('"delta":"-0.25"', '"delta":"-0.24"')],
    ['a reason of the proof', (text) => text.replaceAll('"top_up"', '"top-up"')],
    ['the seal', (text) => text.replace('"size":"3"', '"size":"4"')],
  ])('are refused where %s was changed', async (_what, change) => {
    const changed = (path: string, text: string): string =>
      path === RECEIPT ? change(text) : path.includes('format') ? inFile(text, change) : text;
    expect(await refusalsThrough(changed)).toEqual([
      expect.stringMatching(/^(NOT_IN_TREE|CONTENT_MISMATCH|NOT_IN_LOG)$/),
      expect.stringMatching(/^(NOT_IN_TREE|CONTENT_MISMATCH|NOT_IN_LOG)$/),
    ]);
  });

  /** Changes the text inside a receipt file. */
  function inFile(file: string, change: (text: string) => string): string {
    const [, extra = ''] = /^extra (.*)$/m.exec(file) ?? [];
    const text = Buffer.from(extra, 'base64').toString('latin1');
    return file.replace(extra, Buffer.from(change(text), 'latin1').toString('base64'));
  }

  it.each([
    ['the balance', (data: Row) => ({ ...data, finalBalance: 9_000, finalBalanceDecimal: '9000' })],
    ['a number beside its exact text', (data: Row) => ({ ...data, finalBalance: 9_000 })],
    ['a reason', (data: Row) => ({ ...data, deltas: [{ ...data.deltas[0], reason: 'gift' }] })],
    ['a delta, left out', (data: Row) => ({ ...data, deltas: data.deltas.slice(1) })],
  ])('are refused where the reply says other than the proof: %s', async (_what, change) => {
    const server = await between((path, text) => {
      if (path !== RECEIPT) return text;
      const body = JSON.parse(text) as { data: Row };
      return JSON.stringify({ ...body, data: change(body.data) });
    });
    const client = new PacSpace({ apiKey, baseUrl: server.baseUrl });
    expect(await failureOf(client.balance.receipt('cust_001'))).toMatchObject({
      code: 'OTHER_REPLY',
    });
    const careless = new PacSpace({ apiKey, baseUrl: server.baseUrl, verifyReceipts: false });
    await careless.balance.receipt('cust_001');
    await server.stop();
  });

  it('are refused where they are of something else than was asked for', async () => {
    const server = await between((_path, text) => text);
    const client = new PacSpace({ apiKey, baseUrl: `${server.baseUrl}` });
    const month = client.balance.receiptFile('cust_001', { period: '2020-01' });
    // The one in between knows no such question, and gives the only file that it has.
    await expect(month).rejects.toMatchObject({ name: 'ReceiptRefusedError' });
    await server.stop();
  });
});

interface Row {
  readonly deltas: readonly { readonly reason: string }[];
}

describe('keys', () => {
  const OTHER_KEY = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=';

  it('that the caller trusts are the only ones that count', async () => {
    const document = (await (await fetch(`${baseUrl}${KEYS}`)).json()) as {
      keys: readonly { publicKey: string }[];
    };
    const trusted = document.keys.map(({ publicKey }) => publicKey);
    const client = new PacSpace({ apiKey, baseUrl, trustedKeys: trusted });
    expect((await client.balance.receipt('cust_001')).deltasCount).toBe(3);
    const other = new PacSpace({ apiKey, baseUrl, trustedKeys: [OTHER_KEY] });
    expect(await failureOf(other.balance.receipt('cust_001'))).toMatchObject({
      code: 'NOT_LINKED',
    });
    expect(() => new PacSpace({ apiKey, baseUrl, trustedKeys: ['key'] })).toThrow(/no public key/);
  });

  it('that were seen first are kept, and others refused later', async () => {
    let kept: readonly string[] = [];
    const keyPins: KeyPins = { read: () => kept, write: (keys) => void (kept = keys) };
    await new PacSpace({ apiKey, baseUrl, keyPins }).balance.receipt('cust_001');
    expect(kept).toHaveLength(1);
    const elsewhere = await startService(aDataDir(), { VERIFY_ROUND_MS: '50' });
    const client = new PacSpace({ apiKey, baseUrl: elsewhere.baseUrl, keyPins });
    await client.balance.emitAndWait('cust_001', 1, 'usage');
    expect(await failureOf(client.balance.receipt('cust_001'))).toMatchObject({
      code: 'NOT_LINKED',
    });
    await elsewhere.stop('SIGTERM');
  });

  it('that an earlier one vouches for are taken, without asking anybody', async () => {
    const dataDir = aDataDir();
    const rotating = await startService(dataDir, { VERIFY_ROUND_MS: '50' });
    let kept: readonly string[] = [];
    const keyPins: KeyPins = { read: () => kept, write: (keys) => void (kept = keys) };
    const client = new PacSpace({ apiKey, baseUrl: rotating.baseUrl, keyPins });
    await client.balance.emitAndWait('cust_001', 1, 'usage');
    await client.balance.receipt('cust_001');
    const [first] = kept;
    await runCli(['keys', 'rotate-signing', '--data-dir', dataDir]);
    await client.balance.emitAndWait('cust_001', 2, 'usage');
    await until(
      () => client.balance.receipt('cust_001').then(() => kept.length),
      (count) => count === 2,
    );
    expect(kept[0]).toBe(first);
    const trustedKeys = first === undefined ? [] : [first];
    const strict = new PacSpace({ apiKey, baseUrl: rotating.baseUrl, trustedKeys });
    expect(await strict.balance.receipt('cust_001')).toMatchObject({ finalBalance: 3 });
    await rotating.stop('SIGTERM');
  });

  it('that do not vouch for each other are refused', async () => {
    const change = (path: string, text: string): string =>
      path === KEYS ? text.replace(/"installation":"[^"]*"/, '"installation":"other"') : text;
    expect(await refusalsThrough(change)).toEqual(['BROKEN_CHAIN', 'BROKEN_CHAIN']);
  });
});
