/** The page of `npm start` as it is served: all of it from here, and each file that it names. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ask, tagOf } from '../examples/ask.ts';
import { start, type RunningExample } from '../examples/running-example.ts';
import { firstEvents } from './events.ts';

jest.setTimeout(60_000);

let server: RunningExample;

beforeAll(async () => {
  server = await start('express');
});

afterAll(async () => {
  expect((await server.stop()).stderr).toBe('');
});

/** Paths in attributes and imports, from a file at this path. */
const namedIn = (text: string, path: string): string[] =>
  [...text.matchAll(/(?:src|href)="([^"]+)"|from '(\.[^']+)'|EventSource\('([^']+)'/g)].map(
    ([, attribute, module, events]) => new URL(attribute ?? module ?? events ?? '', server.base + path).href,
  );

test('every file that the page names is served from this host, and every file of the folder is named', async () => {
  const seen = new Set<string>();
  for (const urls = [`${server.base}/`]; urls.length > 0;) {
    const url = String(urls.pop());
    if (seen.has(url) || url.endsWith('/demo/exchanges')) continue;
    seen.add(url);
    expect(url.startsWith(`${server.base}/`)).toBe(true);
    const { status, text, headers } = await ask(url);
    expect([url, status]).toEqual([url, 200]);
    expect(headers.get('Cache-Control')).toBe('public, no-cache');
    expect(text).not.toMatch(/(?:https?:)?\/\/(?!www\.w3\.org\/2000\/svg)[a-z0-9-]+\.[a-z]/);
    if (!url.endsWith('.svg')) urls.push(...namedIn(text, new URL(url).pathname));
  }
  const files = readdirSync(join('examples', 'demo', 'page')).filter((name) => name !== 'tsconfig.json');
  const served = [...seen].map((url) => new URL(url).pathname.replace('/demo/', '') || '/');
  expect(new Set(served)).toEqual(new Set([...files.filter((name) => name !== 'index.html'), '/']));
});

test('its policy lets nothing in but what is served from here', async () => {
  const { headers } = await ask(`${server.base}/`);
  const policy = String(headers.get('Content-Security-Policy'));
  expect(policy).toMatch(/^default-src 'none'; /);
  expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
});

test('a browser that has the page gets 304 (RFC 9110 §15.4.5)', async () => {
  const headers = { 'If-None-Match': await tagOf(`${server.base}/`) };
  expect(await ask(`${server.base}/`, { headers })).toMatchObject({ status: 304, text: '' });
});

test('all names come from the cache the second time, and not after a country has changed', async () => {
  const status = async (): Promise<string> => String((await ask(`${server.base}/names`)).headers.get('Cache-Status'));
  expect(await status()).toMatch(/;fwd=uri-miss;stored/);
  expect(await status()).toMatch(/;hit/);
  const url = `${server.base}/countries/ALB`;
  const headers = { 'If-Match': await tagOf(url) };
  expect(await ask(url, { method: 'PATCH', headers, json: { name: 'Shqipëria' } })).toMatchObject({ status: 200 });
  expect((await ask(`${server.base}/names`)).text).toContain('Shqipëria');
});

test('a route without guard() takes no notice of If-Match: the last one wins', async () => {
  const { json } = await ask(`${server.base}/countries/AUT`);
  const put = (name: string) =>
    ask(`${server.base}/unguarded/countries/AUT`, {
      method: 'PUT',
      headers: { 'If-Match': '"outdated"' },
      json: { ...json, name },
    });
  expect(await put('One')).toMatchObject({ status: 200, etag: null });
  expect(await put('Two')).toMatchObject({ status: 200, etag: null });
  expect(await ask(`${server.base}/countries/AUT`)).toMatchObject({
    json: { name: 'Two' },
    etag: /* */ expect.stringMatching(/^"3@/),
  });
});

test('what happens is told: with precondition, sender and place', async () => {
  const url = `${server.base}/countries/DEU`;
  const tag = await tagOf(url);
  const events = await firstEvents(`${server.base}/demo/exchanges`, async () => {
    await ask(url, { headers: { 'If-None-Match': tag, 'X-Editor': 'Ann' } });
    await ask(url, { method: 'DELETE', headers: { 'If-Match': '"other"', 'X-Editor': 'Bob' } });
    await ask(url, { method: 'DELETE' });
    await ask(`${server.base}/countries/DEU/borders`, { headers: { 'If-None-Match': await tagOf(`${url}/borders`) } });
  });
  const last = events.slice(-5);
  expect(last).toMatchObject([
    { by: 'Ann', condition: ['If-None-Match', tag], status: 304, answeredBy: 'front', bytes: 0 },
    { by: 'Bob', condition: ['If-Match', '"other"'], status: 412, answeredBy: 'before-handler' },
    { by: 'node', condition: null, status: 428, answeredBy: 'before-handler' },
    { target: '/countries/DEU/borders', status: 200, answeredBy: 'handler' },
    { target: '/countries/DEU/borders', status: 304, answeredBy: 'before-handler' },
  ]);
});

test('who lost the connection is told what was missed, and no more; an id of another server means nothing', async () => {
  const feed = `${server.base}/demo/exchanges`;
  const read = async () => void (await ask(`${server.base}/countries/NLD`));
  const before = await firstEvents(feed, read);
  const last = String(before.at(-1)?.['event']);
  const missed = await firstEvents(feed, read, last);
  expect(missed.map(({ target }) => target)).toEqual(['/countries/END', '/countries/NLD']); // the first run ended with it
  expect((await firstEvents(feed, read, 'other/99999')).length).toBeGreaterThan(before.length);
});
