// How much has to be loaded before the first page shows, and that nothing the page does holds the
// browser up: processor time of the page's own thread, to which a busy machine adds none.
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, newVisitor, openBrowser, signedIn, signIn } from '../support/browser';
import {
  emitAll,
  historyOfCust001,
  longHistory,
  otherCustomers,
} from '../support/dashboard-ledger';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const FIRST_LOAD_BYTES_MAX = 300_000;
const TASK_MS_MAX = 100;
/** What else the machine does takes caches away and so adds time to a task, but never takes any. */
const ATTEMPTS = 3;
const MICROSECONDS_PER_MS = 1_000;
const CUSTOMERS = 100_000;
const RECEIPT_DELTAS = 10_000;
/** To emit one delta of each customer, and to verify them. */
const FILL_MS_MAX = 300_000;

interface Summary {
  readonly verification: { readonly queued: number };
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time in microseconds. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Milliseconds of the longest task of the page's main thread while `act` goes on. */
async function longestTaskMs(browser: Browser, page: Page, act: () => Promise<void>) {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await act();
  const trace = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const { traceEvents } = trace;
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, pid, tid }) => /RunTask$/.test(name) && threads.has(`${pid}/${tid}`),
  );
  // Without any the trace was not of this page, and would prove nothing.
  expect(tasks.length).toBeGreaterThan(0);
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / MICROSECONDS_PER_MS;
}

/** The least of some attempts, each on a page of its own; no more once one is short enough. */
async function calmest(attempt: () => Promise<number>): Promise<number> {
  let leastMs = Infinity;
  for (let n = 0; n < ATTEMPTS && leastMs > TASK_MS_MAX; n += 1) {
    leastMs = Math.min(leastMs, await attempt());
  }
  return leastMs;
}

/** To the end of the page and back, as a wheel does it. */
async function scrollThrough(page: Page): Promise<void> {
  await page.mouse.move(600, 500);
  for (const deltaY of [...Array<number>(20).fill(300), ...Array<number>(20).fill(-300)]) {
    await page.mouse.wheel(0, deltaY);
  }
}

describeInBrowser('the page is light', () => {
  let service: ServiceProcess;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService(aDataDir());
    await emitAll(service, [...historyOfCust001(), ...otherCustomers(CUSTOMERS)]);
    await untilVerified();
    browser = await openBrowser();
  }, FILL_MS_MAX);
  afterAll(async () => {
    await browser.close();
    await service.stop('SIGTERM');
  });

  const untilVerified = (): Promise<unknown> =>
    until(
      () => service.get('/api/v1/balance/customers/summary'),
      ({ body }) => (body.data as Summary).verification.queued === 0,
    );

  it('the first page takes 300 kB at most, compressed', async () => {
    const visitor = await newVisitor(browser);
    const page = await visitor.newPage();
    const devtools = await visitor.newCDPSession(page);
    let byteCount = 0;
    await devtools.send('Network.enable');
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      byteCount += encodedDataLength;
    });
    await page.goto(service.baseUrl, { waitUntil: 'networkidle' });
    expect(byteCount).toBeGreaterThan(50_000);
    // The page of customers, with what it asks the service for, is in the sum as well.
    await signIn(page);
    await page.getByRole('status').filter({ hasText: '100,004 customers' }).waitFor();
    expect(byteCount).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX);
    await visitor.close();
  });

  it('searching and scrolling customers holds nothing up', async () => {
    const longestMs = await calmest(async () => {
      const visitor = await newVisitor(browser);
      const page = await signedIn(visitor, service, '/customers?limit=100');
      await page.getByRole('link', { name: 'org_00090' }).waitFor();
      const longest = await longestTaskMs(browser, page, async () => {
        await scrollThrough(page);
        await page.getByLabel('Search by customer ID').pressSequentially('org_01', { delay: 20 });
        await page.getByRole('status').filter({ hasText: '1,000 customers' }).waitFor();
        await page.getByRole('link', { name: 'org_01099' }).waitFor();
        await scrollThrough(page);
      });
      await visitor.close();
      return longest;
    });
    expect(longestMs).toBeLessThanOrEqual(TASK_MS_MAX);
  });

  it('nor does scrolling the activity of a customer', async () => {
    const longestMs = await calmest(async () => {
      const visitor = await newVisitor(browser);
      const page = await signedIn(visitor, service, '/customers/cust_001');
      await page.getByText('50 shown').waitFor();
      const longest = await longestTaskMs(browser, page, async () => {
        for (const shown of ['100', '150', '200']) {
          await page.getByRole('button', { name: 'Show older' }).click();
          await page.getByText(`${shown} shown`).waitFor();
          await scrollThrough(page);
        }
      });
      await visitor.close();
      return longest;
    });
    expect(longestMs).toBeLessThanOrEqual(TASK_MS_MAX);
  });

  it('nor does checking a receipt of ten thousand deltas', async () => {
    await emitAll(service, longHistory('cust_long', RECEIPT_DELTAS));
    await untilVerified();
    const longestMs = await calmest(async () => {
      const visitor = await newVisitor(browser);
      const page = await signedIn(visitor, service, '/customers/cust_long');
      const longest = await longestTaskMs(browser, page, async () => {
        await page.getByRole('tab', { name: 'Receipt' }).click();
        await page.getByText('Whole history').click();
        await page.getByText('10,000, none is missing').waitFor();
        await page.getByRole('status').filter({ hasText: 'Verified by this browser' }).waitFor();
      });
      await visitor.close();
      return longest;
    });
    expect(longestMs).toBeLessThanOrEqual(TASK_MS_MAX);
  });
});
