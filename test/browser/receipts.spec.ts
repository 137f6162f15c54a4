// Receipts in a real browser: green is what the browser has checked itself, and nothing else.
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { describeInBrowser, newVisitor, openBrowser, signedIn } from '../support/browser';
import { emitAll, historyOfCust001 } from '../support/dashboard-ledger';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const VERIFIED = 'Verified by this browser';
const REFUSED = 'Refused: this receipt proves nothing';
const RECEIPT = '**/api/v1/balance/receipt/**';
const KEYS = '**/.well-known/deltabook-keys';

describeInBrowser('a receipt', () => {
  let service: ServiceProcess;
  let browser: Browser;
  let visitor: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    service = await startService(aDataDir());
    await emitAll(service, historyOfCust001());
    await until(
      () => service.get('/api/v1/balance/receipt/cust_001'),
      ({ body }) => (body.data as { deltasCount?: number } | undefined)?.deltasCount === 342,
    );
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop('SIGTERM');
  });
  beforeEach(async () => {
    visitor = await newVisitor(browser);
    page = await signedIn(visitor, service, '/customers/cust_001');
  });
  afterEach(() => visitor.close());

  const openReceipt = (): Promise<void> => page.getByRole('tab', { name: 'Receipt' }).click();
  const verdict = (title: string) => page.getByRole('status').filter({ hasText: title });
  const refusal = () => page.getByRole('alert').filter({ hasText: REFUSED });

  async function chooseFile(name: string, text: string): Promise<void> {
    const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
    await page.locator('input[type=file]').setInputFiles(file);
  }

  /** The receipt file with an amount changed, as somebody would who wants to be owed more. */
  function tampered(file: string): string {
    const [, extra = ''] = /^extra (.*)$/m.exec(file) ?? [];
    const text = Buffer.from(extra, 'base64').toString('latin1');
    const changed = Buffer.from(text.replace('"delta":"500"', '"delta":"900"'), 'latin1');
    return file.replace(extra, changed.toString('base64'));
  }

  it('is verified, kept as a file, and a tampered one is refused', async () => {
    await openReceipt();
    await verdict(VERIFIED).waitFor();
    const proven = await page.getByRole('table', { name: 'What the receipt proves' }).innerText();
    expect(proven).toMatch(/Deltas\s+342, none is missing/);
    expect(proven).toMatch(/Closing balance\s+4,500\.00/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download receipt' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('cust_001-all.tlog-proof');
    const file = readFileSync(await download.path(), 'utf8');
    await chooseFile('receipt.tlog-proof', file);
    await verdict(VERIFIED).nth(1).waitFor();
    await chooseFile('receipt.tlog-proof', tampered(file));
    await refusal().waitFor();
    expect(await refusal().innerText()).toContain('NOT_IN_TREE');
    expect(await verdict(VERIFIED).count()).toBe(1);
  });

  it('of a month is of that month', async () => {
    await openReceipt();
    await page.getByText('One month').click();
    await page.getByLabel('Month (UTC)').fill('2020-01');
    await page.getByText('0, none is missing').waitFor();
    await verdict(VERIFIED).waitFor();
  });

  it('is refused when it was changed on its way', async () => {
    await page.route(RECEIPT, async (route: Route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: tampered(await response.text()) });
    });
    await openReceipt();
    await refusal().waitFor();
    expect(await verdict(VERIFIED).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Download receipt' }).isDisabled()).toBe(true);
  });

  it('is refused when the service comes with other keys than this browser saw first', async () => {
    await openReceipt();
    await verdict(VERIFIED).waitFor();
    const other = await startService(aDataDir());
    const keys = await (await fetch(`${other.baseUrl}/.well-known/deltabook-keys`)).text();
    await other.stop('SIGTERM');
    await page.route(KEYS, (route: Route) => route.fulfill({ body: keys }));
    await page.reload();
    await openReceipt();
    await refusal().waitFor();
    expect(await refusal().innerText()).toContain('NOT_LINKED');
    expect(await verdict(VERIFIED).count()).toBe(0);
  });

  it('is not called verified when the check cannot run', async () => {
    await page.route('**/assets/receipt-check*', (route: Route) => route.abort());
    await openReceipt();
    await page.getByRole('alert').filter({ hasText: 'The check did not run' }).waitFor();
    expect(await verdict(VERIFIED).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Download receipt' }).isDisabled()).toBe(true);
  });
});
