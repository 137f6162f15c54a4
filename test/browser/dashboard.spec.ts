// What the page promises, done by a real browser: open Customers, find one by search, read its
// balance and activity, and see what is emitted meanwhile.
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  complaintsOf,
  describeInBrowser,
  newVisitor,
  openBrowser,
  signedIn,
  signIn,
} from '../support/browser';
import { emitAll, historyOfCust001, otherCustomers } from '../support/dashboard-ledger';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

const LIVE_KEY = { name: 'production', environment: 'live' };

describeInBrowser('the dashboard', () => {
  let service: ServiceProcess;
  let browser: Browser;
  let visitor: BrowserContext;

  beforeAll(async () => {
    service = await startService(aDataDir());
    await emitAll(service, [...historyOfCust001(), ...otherCustomers(60)]);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop('SIGTERM');
  });
  beforeEach(async () => {
    visitor = await newVisitor(browser);
  });
  afterEach(() => visitor.close());

  const rowOf = (page: Page, customerId: string) =>
    page.getByRole('row').filter({ hasText: customerId });

  it('refuses a wrong key, and forgets it', async () => {
    const page = await visitor.newPage();
    await page.goto(service.baseUrl);
    await signIn(page, 'pk_test_nobody.0123456789abcdef0123456789abcdef');
    await page.getByRole('alert').filter({ hasText: 'Not signed in' }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });

  it('finds cust_001 by search and shows its balance and activity', async () => {
    const page = await signedIn(visitor, service, '/');
    const complaints = complaintsOf(page);
    await page.getByRole('heading', { name: 'Customers' }).waitFor();
    await page.getByRole('status').filter({ hasText: '64 customers' }).waitFor();
    await page.getByLabel('Search by customer ID').fill('cust_001');
    await page.getByRole('status').filter({ hasText: '1 customer' }).waitFor();
    const row = rowOf(page, 'cust_001');
    expect(await row.innerText()).toMatch(/cust_001\s+0x\w{4}\.\.\.\w{4}\s+342\s+4,500\.00/);
    expect(page.url()).toContain('?search=cust_001');
    await row.getByRole('link', { name: 'cust_001' }).click();

    await page.getByRole('heading', { name: 'cust_001', exact: true }).waitFor();
    expect(await page.getByTestId('balance').innerText()).toBe('4,500.00');
    const { data } = (await service.get('/api/v1/balance/customers/cust_001')).body;
    const { customerReference } = data as { customerReference: string };
    await page.getByText(customerReference).waitFor();
    await page.getByRole('img', { name: /^Balance from 500\.00 on .* to 4,500\.00 on / }).waitFor();
    await page.getByRole('cell', { name: 'adjustment' }).waitFor();
    await page.getByText('50 shown').waitFor();
    await page.getByRole('button', { name: 'Show older' }).click();
    await page.getByText('100 shown').waitFor();
    expect(complaints).toEqual([]);
  });

  it('shortens references, and copies the whole one', async () => {
    await visitor.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await signedIn(visitor, service);
    const { data } = (await service.get('/api/v1/balance/customers/cust_001')).body;
    const { customerReference } = data as { customerReference: string };
    const short = `${customerReference.slice(0, 6)}...${customerReference.slice(-4)}`;
    await rowOf(page, 'cust_001').getByText(short).waitFor();
    await page.getByRole('button', { name: 'Copy reference of cust_001' }).click();
    await page.getByRole('button', { name: 'Copied reference of cust_001' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(customerReference);
  });

  it('sorts, pages and keeps both in the address', async () => {
    const page = await signedIn(visitor, service);
    await page.getByRole('button', { name: 'Balance' }).click();
    await page
      .getByRole('columnheader', { name: 'Balance' })
      .and(page.locator('[aria-sort=descending]'))
      .or(page.locator('[aria-sort=ascending]'))
      .first()
      .waitFor();
    const first = page.getByRole('row').nth(1);
    await first.filter({ hasText: /partner_(acme|umbra)/ }).waitFor();
    await page.getByRole('button', { name: 'Page 2' }).click();
    await page
      .getByRole('button', { name: 'Page 2' })
      .and(page.locator('[aria-current=page]'))
      .waitFor();
    await page.reload();
    await page
      .getByRole('button', { name: 'Page 2' })
      .and(page.locator('[aria-current=page]'))
      .waitFor();
    expect(page.url()).toMatch(/page=2&sortBy=balance/);
  });

  it('follows what is emitted meanwhile, without reloading', async () => {
    const page = await signedIn(visitor, service, '/customers/cust_002');
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.getByTestId('balance').innerText()).toBe('12,800.00');
    await page.evaluate('window.isSameDocument = true');
    await service.post('/api/v1/balance/delta', {
      customerId: 'cust_002',
      delta: '-0.000000001',
      reason: 'emitted meanwhile',
    });
    const row = page.getByRole('row').filter({ hasText: 'emitted meanwhile' });
    await row.waitFor();
    await row.getByText('verified').waitFor();
    await page.getByTestId('balance').filter({ hasText: '12,799.999999999' }).waitFor();
    expect(await page.evaluate('window.isSameDocument')).toBe(true);
  });

  it('filters activity, and downloads what is shown as CSV', async () => {
    const page = await signedIn(visitor, service, '/customers/cust_001');
    await page.getByLabel('Reason contains').fill('initial_deposit');
    await page.getByText('1 shown').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('50 shown').waitFor();
    await page.getByLabel('From (UTC)').fill('2025-03-01');
    await page.getByLabel('To (UTC)').fill('2025-03-09');
    await page.getByText('9 shown').waitFor();
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'failed' }).click();
    await page.getByText('No delta matches the filter').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('50 shown').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('cust_001.csv');
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split(/\r?\n/);
    expect(lines).toHaveLength(343);
    expect(lines[0]).toMatch(/recordId/);
    expect(lines.at(-1)).toContain('initial_deposit');
  });

  it('keeps the two environments apart', async () => {
    const created = await service.post('/dashboard/api-keys', LIVE_KEY);
    const { fullKey } = created.body.data as { fullKey: string };
    const page = await signedIn(visitor, service);
    await rowOf(page, 'cust_001').waitFor();
    await page.getByText('Production', { exact: true }).click();
    await signIn(page, fullKey);
    await page.getByText('No customers yet').waitFor();
    await page.getByText('Sandbox', { exact: true }).click();
    await rowOf(page, 'cust_001').waitFor();
    await page.getByText('Production', { exact: true }).click();
    // Nothing of the other environment may be shown, not even for a moment.
    expect(await page.getByText('cust_001').count()).toBe(0);
    await page.getByText('No customers yet').waitFor();
  });

  it('locks a period as a checkpoint, and lists it', async () => {
    const page = await signedIn(visitor, service, '/customers/partner_acme');
    await page.getByRole('tab', { name: 'Checkpoints' }).click();
    await page.getByText('No checkpoints yet').waitFor();
    await page.getByRole('button', { name: 'Lock this period' }).click();
    const row = page.getByRole('table', { name: 'Checkpoints' }).getByRole('row').nth(1);
    await row.waitFor();
    const month = new Date().toISOString().slice(0, 7);
    expect(await row.innerText()).toMatch(new RegExp(`^${month}\\s+1\\s+0\\.00\\s+95,320\\.00`));
    await page.getByLabel('Period (UTC month)').fill('2020-01');
    await page.getByRole('button', { name: 'Lock this period' }).click();
    await page.getByText('NOTHING_TO_CHECKPOINT').waitFor();
  });

  it('shows an operator how the service is, and nobody else', async () => {
    const page = await signedIn(visitor, service, '/system');
    await page.getByRole('status').filter({ hasText: 'Ready' }).waitFor();
    const { data } = (await service.get('/dashboard/system')).body;
    const { eventStore } = data as { eventStore: { place: string } };
    const store = page.getByRole('region', { name: 'Event store' });
    expect(await store.innerText()).toContain(eventStore.place);
    const verification = page.getByRole('region', { name: 'Verification' });
    await verification.getByText('fine').waitFor();
    expect(await verification.innerText()).toMatch(/Verified through position\s+[1-9]/);
    expect(await page.getByRole('region', { name: 'Kafka' }).innerText()).toContain('not used');
    const body = { name: 'reader', scopes: ['read'] };
    const created = await service.post('/dashboard/api-keys', body);
    const { fullKey } = created.body.data as { fullKey: string };
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page, fullKey);
    await page.getByText('FORBIDDEN').waitFor();
    expect(await page.getByRole('link', { name: 'System' }).count()).toBe(0);
    expect(await page.getByText(eventStore.place).count()).toBe(0);
  });

  it('signs out: the page and its cookie are worth nothing any more', async () => {
    const page = await signedIn(visitor, service, '/customers/cust_001');
    const [cookie] = await visitor.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByText('4,500.00').count()).toBe(0);
    await visitor.addCookies(cookie ? [cookie] : []);
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('can be used with the keyboard alone', async () => {
    const page = await visitor.newPage();
    await page.goto(service.baseUrl);
    await page.getByLabel('API key').waitFor();
    await page.keyboard.type('pk_test_journeys.0123456789abcdef0123456789abcdef');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Customers' }).waitFor();
    await page.reload();
    await rowOf(page, 'cust_001').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('partner_acme');
    await page.getByRole('status').filter({ hasText: '1 customer' }).waitFor();
    for (let presses = 0; presses < 20; presses += 1) {
      if ((await focused(page)) === 'partner_acme') break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'partner_acme', exact: true }).waitFor();
  });

  const focused = (page: Page): Promise<unknown> =>
    page.evaluate('document.activeElement?.textContent.trim()');
});
