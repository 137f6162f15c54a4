// Every page, light and dark, wide and on a phone, measured by axe: nothing serious, no text that
// is too faint, nothing that has to be scrolled sideways. `npm run screenshots` takes pictures.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, newVisitor, openBrowser, signedIn } from '../support/browser';
import { emitAll, historyOfCust001, otherCustomers } from '../support/dashboard-ledger';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const PHONE = { width: 390, height: 844 };
const PICTURES = join(process.cwd(), 'docs/images');

interface Summary {
  readonly verification: { readonly queued: number };
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const options = JSON.stringify({ runOnly: TAGS, resultTypes: ['violations'] });
  const run = `axe.run(document, ${options})`;
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(run);
  return violations.map(({ id, impact, nodes: [first, ...more] }) => {
    const { html = '', failureSummary = '' } = first ?? {};
    return `${impact} ${id}, ${more.length} more: ${html} ${failureSummary}`;
  });
}

/** Pixels that the page, or a table that scrolls in its own frame, is wider than the screen. */
const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>(`Math.max(
    document.documentElement.scrollWidth,
    ...[...document.querySelectorAll('table')].map((table) => table.getBoundingClientRect().right),
  ) - window.innerWidth`);

/** Kept only of pages that show most of what there is. */
const PICTURED =
  /^(sign-in-light|(customers|customer|checkpoints|receipt|system)-(light|dark|phone))$/;

async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] !== '1' || !PICTURED.test(name)) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

interface View {
  readonly name: string;
  readonly path: string;
  /** Brings the page to what is looked at. */
  readonly open: (page: Page) => Promise<void>;
}

const VIEWS: readonly View[] = [
  {
    name: 'customers',
    path: '/customers',
    open: (page) => page.getByRole('link', { name: 'cust_001' }).waitFor(),
  },
  {
    name: 'customers-none-found',
    path: '/customers?search=nobody',
    open: (page) => page.getByText('No customer matches').waitFor(),
  },
  {
    name: 'customer',
    path: '/customers/cust_001',
    open: async (page) => {
      await page.getByText('50 shown').waitFor();
      await page.locator('.uplot canvas').waitFor();
    },
  },
  {
    name: 'receipt',
    path: '/customers/cust_001',
    open: async (page) => {
      await page.getByRole('tab', { name: 'Receipt' }).click();
      await page.getByText('342, none is missing').waitFor();
      await page.getByText('Check a receipt file').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'checkpoints',
    path: '/customers/cust_001',
    open: async (page) => {
      await page.getByRole('tab', { name: 'Checkpoints' }).click();
      await page.getByRole('button', { name: 'Lock this period' }).click();
      await page.getByRole('table', { name: 'Checkpoints' }).getByText('4,500.00').waitFor();
    },
  },
  {
    name: 'customer-unknown',
    path: '/customers/nobody',
    open: (page) => page.getByText('No such customer').waitFor(),
  },
  {
    name: 'system',
    path: '/system',
    open: (page) => page.getByText('Verified through position').waitFor(),
  },
];

describeInBrowser('every page', () => {
  let service: ServiceProcess;
  let browser: Browser;
  let visitor: BrowserContext;

  beforeAll(async () => {
    service = await startService(aDataDir());
    await emitAll(service, [...historyOfCust001(), ...otherCustomers(60)]);
    await until(
      () => service.get('/api/v1/balance/customers/summary'),
      ({ body }) => (body.data as Summary).verification.queued === 0,
    );
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop('SIGTERM');
  });
  afterEach(() => visitor.close());

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it('sign-in', async () => {
      visitor = await newVisitor(browser, { colorScheme });
      const page = await visitor.newPage();
      await page.goto(service.baseUrl);
      await page.getByLabel('API key').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await picture(page, `sign-in-${colorScheme}`);
    });

    it.each(VIEWS)('$name', async ({ name, path, open }) => {
      visitor = await newVisitor(browser, { colorScheme });
      const page = await signedIn(visitor, service, path);
      await open(page);
      expect(await violationsOf(page)).toEqual([]);
      await picture(page, `${name}-${colorScheme}`);
    });
  });

  it.each(VIEWS)('on a phone: $name', async ({ name, path, open }) => {
    visitor = await newVisitor(browser, PHONE);
    const page = await signedIn(visitor, service, path);
    await open(page);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    expect(await violationsOf(page)).toEqual([]);
    await picture(page, `${name}-phone`);
  });
});
