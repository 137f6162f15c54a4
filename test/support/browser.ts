// A real Chromium for tests of the dashboard, and how a person gets around in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { API_KEY, type ServiceProcess } from './service-process';

const PLACES = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const BUILT_PAGE = join(process.cwd(), 'dist/dashboard/index.html');
/** What a page has to show shows sooner; a busy machine may take this long. */
const PATIENCE_MS = 30_000;

/** Where Chromium is, or why there is none. */
export function findChromium(): { readonly path: string } | { readonly missing: string } {
  const path = PLACES.find((place) => place !== '' && existsSync(place));
  if (path === undefined) return { missing: 'needs Chromium: set CHROMIUM to where it is' };
  return { path };
}

/** `describe` where there is a Chromium, else a skipped one whose name says why. */
export function describeInBrowser(name: string, tests: () => void): void {
  const found = findChromium();
  const describeWithChromium = 'missing' in found ? describe.skip : describe;
  const why = 'missing' in found ? ` (${found.missing})` : '';
  describeWithChromium(`${name}${why}`, tests);
}

export async function openBrowser(): Promise<Browser> {
  const found = findChromium();
  if ('missing' in found) throw new Error(found.missing);
  if (!existsSync(BUILT_PAGE)) throw new Error('no built page: npm run build:dashboard');
  return chromium.launch({
    executablePath: found.path,
    // Chromium's sandbox cannot be had by root, as in a container.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** How the reader's screen and eyes are. */
export interface Looks {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** A browser of somebody who was never here. */
export async function newVisitor(browser: Browser, looks: Looks = {}): Promise<BrowserContext> {
  const { colorScheme = 'light', width = 1_280, height = 860 } = looks;
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

export async function signIn(page: Page, apiKey = API_KEY): Promise<void> {
  await page.getByLabel('API key').fill(apiKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** A page that is signed in and shows the customers. */
export async function signedIn(
  context: BrowserContext,
  service: ServiceProcess,
  path = '/customers',
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${service.baseUrl}${path}`);
  await signIn(page);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  return page;
}

/** Everything that a page complained about. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}
