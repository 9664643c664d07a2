/** What the browser tests stand on: a fault of a page is seen, and each visit has an HTTP cache of its own. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessibilityFaults } from './support/accessibility.ts';
import { launch, visit } from './support/browser.ts';
import { repacked } from './support/png.ts';

let browser: Browser;
let server: Server | undefined;

beforeAll(async () => {
  browser = await launch();
});

afterAll(() => browser.close());

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // it listens on a port
}

/** A page with this in its body. */
function page(body: string, fields: Record<string, string> = {}): RequestListener {
  return (req, res) => {
    res.writeHead(req.url === '/' ? 200 : 412, { 'Content-Type': 'text/html', ...fields });
    res.end(
      `<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,"><main>${body}</main></html>`,
    );
  };
}

test('a page without faults has none', async () => {
  const { faults, page: shown, close } = await visit(browser, await serving(page('<h1>Good</h1>')));
  expect(await accessibilityFaults(shown)).toEqual([]);
  expect(faults).toEqual([]);
  await close();
});

test.each([
  ['an error on the console', '<script>console.error("wrong")</script>', /^console: wrong$/],
  ['an error that nobody catches', '<script>throw new Error("thrown")</script>', /^uncaught: thrown$/],
  [
    'a request to another host',
    '<img alt="" src="http://127.0.0.2:9/x.png">',
    /^another host: http:\/\/127\.0\.0\.2:9/,
  ],
  ['a status that was not expected', '<script>fetch("/other")</script>', /^console: .* 412 /],
])('%s is a fault', async (_, body, expected) => {
  const { faults, page: shown, close } = await visit(browser, await serving(page(body)));
  await shown.waitForLoadState('networkidle');
  expect(faults).toContainEqual(expect.stringMatching(expected));
  await close();
});

test('a violation of the Content-Security-Policy is a fault', async () => {
  const policy = { 'Content-Security-Policy': "default-src 'none'" };
  const { faults, close } = await visit(browser, await serving(page('<p style="color: red">Red</p>', policy)));
  expect(faults).toContainEqual(expect.stringMatching(/Content Security Policy/));
  await close();
});

test('a status that the page provokes on purpose is none', async () => {
  const url = await serving(page('<script>fetch("/other")</script>'));
  const { faults, page: shown, close } = await visit(browser, url, { refusals: [412] });
  await shown.waitForLoadState('networkidle');
  expect(faults).toEqual([]);
  await close();
});

test('what cannot be read by everybody is found, under a policy too', async () => {
  const policy = { 'Content-Security-Policy': "default-src 'none'" };
  const { page: shown, close } = await visit(browser, await serving(page('<input>', policy)));
  expect(await accessibilityFaults(shown)).toContainEqual(expect.stringMatching(/^label: input/));
  await close();
});

test('two visits have an HTTP cache each (RFC 9111 §3)', async () => {
  const conditions: unknown[] = [];
  const url = await serving((req, res) => {
    if (req.url === '/data') conditions.push(req.headers['if-none-match']);
    const known = req.headers['if-none-match'] === '"1"';
    res.writeHead(known ? 304 : 200, { 'Content-Type': 'text/html', ETag: '"1"', 'Cache-Control': 'no-cache' });
    res.end(known ? undefined : '<link rel="icon" href="data:,">');
  });
  const read = 'fetch("/data").then((response) => response.status)';
  const statuses: unknown[] = [];
  for (const person of [await visit(browser, url), await visit(browser, url)]) {
    for (let time = 1; time <= 2; time++) statuses.push(await person.page.evaluate(read));
    await person.close();
  }
  expect(statuses).toEqual([200, 200, 200, 200]); // the page does not see the 304
  expect(conditions).toEqual([undefined, '"1"', undefined, '"1"']);
});

test('a picture that is packed again has the same pixels, in fewer bytes', async () => {
  const body = '<h1>Pixels</h1><p>of a <a href="/">page</a> <progress value="0.3"></progress>';
  const { page: shown, close } = await visit(browser, await serving(page(body)));
  const picture = await shown.screenshot();
  const smaller = repacked(picture);
  expect(smaller.length).toBeLessThan(picture.length);
  const pixelsOf = (png: Buffer): Promise<unknown> =>
    shown.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      context?.drawImage(image, 0, 0);
      const { data } = context?.getImageData(0, 0, image.width, image.height) ?? { data: new Uint8Array() };
      const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(data));
      return [data.length, ...new Uint8Array(digest)];
    }, png.toString('base64'));
  expect(await pixelsOf(smaller)).toEqual(await pixelsOf(picture));
  await close();
});
