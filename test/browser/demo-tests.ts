/** What the tests of the example's page have in common: one server, one browser, and no page that ends with a fault. */
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { start, type RunningExample } from '../examples/running-example.ts';
import { launch, openDemo, type DemoPage } from './demo-page.ts';
import type { VisitOptions } from './support/browser.ts';

export interface DemoTests {
  /** Where the server is. */
  base(): string;
  /** Opens the page in a browser of its own; it is closed after the test. */
  enter(code: string, options?: VisitOptions): Promise<DemoPage>;
  /** Stops the server while `meanwhile` runs: Chromium writes an error for each request then, so the open pages may have faults. */
  away(meanwhile: () => Promise<void>): Promise<void>;
}

/** For one test file; `usual` are options of every page. */
export function demoTests(usual: VisitOptions = {}): DemoTests {
  let browser: Browser;
  let server: RunningExample;
  let opened: { readonly page: DemoPage; mayFail: boolean }[] = [];

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start('express')]);
  });

  afterAll(async () => {
    await browser.close();
    expect((await server.stop()).stderr).toBe('');
  });

  afterEach(async () => {
    const pages = opened;
    opened = [];
    for (const { page } of pages) await page.close();
    expect(pages.flatMap(({ page, mayFail }) => (mayFail ? [] : page.faults))).toEqual([]);
  });

  return {
    base: () => server.base,
    async enter(code, options) {
      const page = await openDemo(browser, server.base, code, { ...usual, ...options });
      opened.push({ page, mayFail: false });
      return page;
    },
    async away(meanwhile) {
      for (const each of opened) each.mayFail = true;
      const { port } = new URL(server.base);
      await server.stop();
      try {
        await meanwhile();
      } finally {
        server = await start('express', { PORT: port });
      }
    },
  };
}
