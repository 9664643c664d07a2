/** A browser, and one person in front of it: a context of its own, with its own HTTP cache, and a record of what went wrong on the page. */
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';

/** No GPU, and no connection that the page did not ask for. Playwright adds an empty user data directory. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  const { executable, env } = findChromium();
  return chromium.launch({ executablePath: executable, args: FLAGS, env: { ...process.env, ...env } });
}

export interface VisitOptions extends BrowserContextOptions {
  /** Statuses that the page provokes on purpose: Chromium writes an error on the console for each. */
  readonly refusals?: readonly number[];
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console, uncaught errors, violations of the Content-Security-Policy, requests to other hosts. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** Opens `url` as a person who has never been there. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { refusals = [], ...ofContext } = options;
  const context = await browser.newContext(ofContext);
  const page = await context.newPage();
  const faults: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error' && !isRefusal(message.text(), refusals)) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.origin !== origin && asked.protocol !== 'data:') faults.push(`another host: ${request.url()}`);
  });
  await page.goto(url);
  return { page, context, faults, close: () => context.close() };
}

function isRefusal(text: string, refusals: readonly number[]): boolean {
  return refusals.some((status) => text.includes(`the server responded with a status of ${status} `));
}
