/** The dashboard as its operators see it, in front of a real Express application. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Figures } from '../../src/index.ts';
import { openShop, operate, publish, publishExchange, type Shop } from './dashboard-app.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { launch, visit, type Visit, type VisitOptions } from './support/browser.ts';
import { eventually } from './support/eventually.ts';
import { SCHEMES } from './support/pictures.ts';

let browser: Browser;
let shop: Shop;
let opened: Visit | undefined;

beforeAll(async () => {
  [browser, shop] = await Promise.all([launch(), openShop()]);
});

afterAll(async () => {
  await browser.close();
  await shop.close();
});

afterEach(async () => {
  await opened?.close();
  if (opened) expect(opened.faults).toEqual([]); // console, CSP, other hosts
  opened = undefined;
});

async function enter(options?: VisitOptions): Promise<Page> {
  opened = await operate(browser, shop, options);
  await opened.page.getByRole('status').getByText('live').waitFor();
  return opened.page;
}

function rowOf(page: Page, route: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader').getByText(route, { exact: true }) });
}

/** The text of a cell, by the class of its column. */
function cell(row: Locator, column: string): Locator {
  return row.locator(`td.${column}`);
}

async function sees(locator: Locator, text: string): Promise<void> {
  await eventually(async () => expect(await locator.textContent()).toBe(text));
}

/** The figure of a tile. */
function tile(page: Page, label: string): Locator {
  return page.locator('#tiles > div').filter({ hasText: label }).locator('.figure');
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${shop.base}${path}`, { headers });

test('before the first request it says that there was no traffic', async () => {
  const page = await enter();
  await page.getByText('No traffic yet.').waitFor();
  await page.getByText('Nothing: no misuse, no write of unknown outcome, no failure.').waitFor();
  await sees(tile(page, 'Requests'), '0');
  await sees(tile(page, 'Cache hits'), '–');
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('figures appear, and go on while requests run', async () => {
  const page = await enter();
  for (let i = 0; i < 6; i++) await get(`/articles/${i}`);
  for (let i = 0; i < 2; i++) await get('/articles/1', { 'If-None-Match': '"7"' });
  for (let i = 0; i < 4; i++) await get('/lists/1');
  await fetch(`${shop.base}/articles/1`, { method: 'PUT' });

  const articles = rowOf(page, '/articles/:id').filter({ hasText: 'GET' });
  await sees(cell(articles, 'requests'), '8');
  await sees(cell(articles, 'not-modified'), '25 %');
  await sees(articles.locator('.policy'), 'public, max-age=60');
  await sees(cell(rowOf(page, '/lists/:page'), 'hits'), '75 %');
  await sees(cell(rowOf(page, '/articles/:id').filter({ hasText: 'PUT' }), 'refused'), '100 %');
  await sees(tile(page, 'Requests'), '13');
  await page.getByText('1 responses').waitFor(); // of the store in memory

  for (let i = 0; i < 8; i++) await get('/articles/1', { 'If-None-Match': '"7"' });
  await sees(cell(articles, 'requests'), '16');
  await sees(cell(articles, 'not-modified'), '63 %');
  expect(await page.content()).not.toMatch(/user=|articles\/1/);
});

test('while nothing changes, the figures are asked for with their tag and answered 304', async () => {
  const page = await enter();
  await eventually(async () => expect(await page.locator('#polls').textContent()).toMatch(/[1-9]\d* × 304/));
});

test('nobody else sees the page, nor a session that has ended', async () => {
  opened = await visit(browser, `${shop.base}/unstale`, { refusals: [403] });
  expect(await opened.page.textContent('body')).toBe('Forbidden');
  await opened.close();

  opened = await operate(browser, shop, { refusals: [403] });
  const { page } = opened;
  await page.getByRole('status').getByText('live').waitFor();
  shop.letIn(false);
  await page.getByText('403: reload this page to sign in').waitFor();
  shop.letIn(true);
  await page.getByRole('status').getByText('live').waitFor();
});

test('it says since when nobody answers, and comes back by itself', async () => {
  opened = await operate(browser, shop);
  const { page, faults } = opened;
  await page.getByRole('status').getByText('live').waitFor();
  shop.hang(true);
  await page
    .getByRole('status')
    .getByText(/no answer since \d\d:\d\d:\d\d/)
    .waitFor();
  shop.hang(false);
  await page.getByRole('status').getByText('live').waitFor();
  expect(faults.filter((fault) => !fault.includes('ERR_EMPTY_RESPONSE'))).toEqual([]);
  await opened.close();
  opened = undefined;
});

test('a hostile route, and a hostile policy, are text', async () => {
  const page = await enter();
  const route = `/"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>/:id`;
  publishExchange({ route, policy: '<b onclick=alert(1)>max-age=1</b>' });
  await sees(rowOf(page, route).locator('.policy'), '<b onclick=alert(1)>max-age=1</b>');
  expect(await page.title()).toBe('unstale: live figures');
  expect(await page.locator('#table img, #table script, #table b').count()).toBe(0);
});

test('a store that is away is said aloud, until it answers', async () => {
  const page = await enter();
  const breaker = { store: 'redis-versions', calls: 'all' } as const;
  publish('store:breaker', { ...breaker, state: 'open' });
  const secret = Object.assign(new Error('connect 10.0.0.7:6379 user:7'), { code: 'ECONNREFUSED' });
  publish('store:failed', { operation: 'read', error: secret });
  await page
    .getByRole('alert')
    .getByText(/^redis-versions: away/)
    .waitFor();
  await page.getByText(/A store did not answer/).waitFor();
  await page.getByText(/Last \d\d:\d\d:\d\d: ECONNREFUSED\./).waitFor();
  expect(await page.content()).not.toMatch(/10\.0\.0\.7|user:7/);
  expect(await accessibilityFaults(page)).toEqual([]);
  publish('store:breaker', { ...breaker, state: 'closed' });
  await page.getByRole('alert').waitFor({ state: 'hidden' });
});

test('misuse leads to what docs/errors.md says of it', async () => {
  await fetch(`${shop.base}/articles/1`); // so that there is something beside it
  const page = await enter();
  await page.route(/figures=/, async (route) => {
    const response = await route.fetch();
    const figures = (await response.json()) as Figures; // what it sends
    const notices = [{ code: 'ERR_UNSTALE_TWO_TAGS', count: 3, at: Date.now(), detail: null }];
    await route.fulfill({ response, json: { ...figures, notices } });
  });
  await page.reload();
  await page.getByRole('link', { name: 'What to do' }).click();
  const section = page.locator('#err_unstale_two_tags');
  await section.getByText(/had set an ETag, and the response left with another one/).waitFor({ state: 'visible' });
  expect(await section.getAttribute('open')).not.toBeNull();
});

test('figures of several processes behind one address are not mixed', async () => {
  let turn = 0;
  const page = await enter();
  await page.route(/figures=/, async (route) => {
    const response = await route.fetch({ headers: { authorization: 'Bearer operator' } }); // no tag: each time in full
    const figures = (await response.json()) as Figures; // what it sends
    const process = turn++ % 2 === 0 ? 'aaaaaaaa' : 'bbbbbbbb';
    const total = { ...figures.total, requests: process === 'aaaaaaaa' ? 111 : 222 };
    await route.fulfill({ response, json: { ...figures, process, total }, headers: { etag: `"${process}"` } });
  });
  await page.reload();
  const choice = page.getByLabel('Process');
  await choice.waitFor();
  await sees(tile(page, 'Requests'), '111');
  await choice.selectOption('bbbbbbbb');
  await sees(tile(page, 'Requests'), '222');
  expect(await choice.locator('option').count()).toBe(2);
});

describe('many routes', () => {
  beforeAll(() => {
    for (let i = 0; i < 150; i++)
      publishExchange({ method: i % 2 === 0 ? 'GET' : 'PUT', route: `/generated/${i}`, duration: 100 * i });
  });

  test('are filtered by words, from the keyboard', async () => {
    const page = await enter();
    await page.keyboard.press('/');
    await page.keyboard.type('put generated/1');
    await eventually(async () => expect(await page.locator('#shown').textContent()).toMatch(/^31 of 1\d\d$/));
    expect(await page.locator('tbody tr').count()).toBe(31);
    await page.keyboard.press('Escape');
    await eventually(async () => expect(await page.locator('tbody tr').count()).toBeGreaterThanOrEqual(150));
    await page.keyboard.type('nothing has this name');
    await page.getByText('No route has all of these words in its name.').waitFor();
  });

  test('are sorted by any column, from the keyboard', async () => {
    const page = await enter();
    await page.getByRole('button', { name: 'p95' }).focus();
    await page.keyboard.press('Enter');
    const head = page.getByRole('columnheader', { name: 'p95' });
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect(await page.locator('tbody tr').first().getAttribute('data-route')).toMatch(
      /^(GET|PUT) \/generated\/1[2-4]\d$/,
    );
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await page.locator('tbody tr').first().getAttribute('data-route')).not.toMatch(/generated\/1[2-4]\d/);
  });

  test('stay where they are while figures arrive', async () => {
    const page = await enter();
    const row = await rowOf(page, '/generated/7').elementHandle();
    publishExchange({ method: 'PUT', route: '/generated/7' });
    await sees(cell(rowOf(page, '/generated/7'), 'requests'), '2');
    expect(await row?.evaluate((node) => node.isConnected)).toBe(true);
  });
});

test('the span is chosen by the arrows of the keyboard', async () => {
  const page = await enter();
  await page.getByRole('radio', { name: '1 hour' }).focus();
  const asked = page.waitForRequest(/figures=all/);
  await page.keyboard.press('ArrowRight');
  await asked;
  expect(await page.getByRole('radio', { name: 'since start' }).isChecked()).toBe(true);
});

test('what the authorization keeps in the query of the page goes with each question', async () => {
  opened = await visit(browser, `${shop.base}/unstale/?token=abc#routes`, {
    extraHTTPHeaders: { authorization: 'Bearer operator' },
  });
  const asked = await opened.page.waitForRequest(/figures=1h/);
  expect(new URL(asked.url()).search).toBe('?token=abc&figures=1h');
});

describe.each(SCHEMES)('in the %s', (colorScheme) => {
  test.each([
    ['a screen', { width: 1280, height: 860 }],
    ['a small screen', { width: 1000, height: 700 }],
    ['a tablet', { width: 820, height: 1100 }],
    ['a telephone', { width: 360, height: 780 }],
  ])('on %s it can be read by everybody, and is not wider than that', async (_, viewport) => {
    const page = await enter({ colorScheme, viewport });
    await page.locator('tbody tr').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
  });
});
