/** What the strip says is what happened: on the wire, in the browser's own cache, and in front of the framework. */
import { expect, test } from '@jest/globals';
import { ask, tagOf } from '../examples/ask.ts';
import { demoTests } from './demo-tests.ts';

const { base, enter, away } = demoTests();

test("the browser's own cache asks with If-None-Match: the server answers 304 before Express, the page sees 200 (RFC 9111 §4.3)", async () => {
  const { page, shows } = await enter('FRA');
  const tag = await tagOf(`${base()}/countries/FRA`);
  const read = `fetch('/countries/FRA', { headers: { 'X-Editor': 'test' } }).then(async (r) => [r.status, (await r.json()).name])`;
  expect(await page.evaluate(read)).toEqual([200, 'France']);
  await shows('test', 'GET /countries/FRA', `If-None-Match: ${tag}`, '304 Not Modified', 'before Express', '0');
});

test('a 304 saves as many bytes as the 200 has content', async () => {
  const { shows } = await enter('SWE');
  const { text, etag } = await ask(`${base()}/countries/SWE`);
  const size = Buffer.byteLength(text).toLocaleString('en');
  await shows('Ann', 'GET /countries/SWE', '200 OK', 'by the handler', size);
  await shows('Bob', 'GET /countries/SWE', `If-None-Match: ${etag}`, '304 Not Modified', 'before Express', '0', size);
});

test('each place that can answer does: the handler, before it, after it, before Express, the cache', async () => {
  const { page, shows } = await enter('ISL');
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  for (const name of ['its neighbours', 'about']) await press(name);
  await shows('page', 'GET /countries/ISL/borders', '200 OK', 'by the handler');
  await shows('page', 'GET /about', '200 OK', 'by the handler');
  for (const name of ['the country', 'its neighbours', 'about', 'all names']) await press(name);
  await shows('page', 'GET /countries/ISL', '304 Not Modified', 'before Express');
  await shows('page', 'GET /countries/ISL/borders', '304 Not Modified', 'before the handler');
  await shows('page', 'GET /about', '304 Not Modified', 'after the handler');
  await shows('page', 'GET /names', '200 OK', 'from the cache');
});

test('a save is shown with its If-Match, and a refused one with 412', async () => {
  const { ann, bob, shows } = await enter('DNK');
  const tag = await tagOf(`${base()}/countries/DNK`);
  await ann.type('Capital', 'Aarhus');
  await bob.type('Capital', 'Odense');
  await ann.press('Save');
  await ann.sees('Saved.');
  await bob.press('Save');
  await shows('Ann', 'PUT /countries/DNK', `If-Match: ${tag}`, '200 OK', 'by the handler');
  await shows('Bob', 'PUT /countries/DNK', `If-Match: ${tag}`, '412 Precondition Failed', 'before the handler');
});

test('what others send is shown as well: curl without If-Match gets 428 (RFC 6585 §3)', async () => {
  const { shows } = await enter('POL');
  const headers = { 'User-Agent': 'curl/8.0.1' };
  await ask(`${base()}/countries/POL`, { method: 'PATCH', headers, json: { name: 'x' } });
  await shows('curl', 'PATCH /countries/POL', '', '428 Precondition Required', 'before the handler');
});

test('a page that is opened later is told what happened before', async () => {
  await ask(`${base()}/countries/AUT`, { headers: { 'User-Agent': 'earlier/1' } });
  const { shows, page } = await enter('CZE');
  await shows('earlier', 'GET /countries/AUT', '200 OK', 'by the handler');
  expect(await page.locator('#totals').textContent()).toMatch(/^\d+ exchanges, /);
});

test('while the server is away the page says so, and goes on when it is back', async () => {
  const { page, ann, shows } = await enter('HUN');
  await away(async () => {
    await page.getByText('The server does not answer; asking again.').waitFor();
    await ann.type('Capital', 'Pécs');
    await ann.press('Save');
    await ann.sees('The server does not answer.');
    expect(await ann.value('Capital')).toBe('Pécs');
  });
  await page.getByText('The server does not answer; asking again.').waitFor({ state: 'detached' });
  await ann.press('Save');
  await shows('Ann', 'PUT /countries/HUN', '412 Precondition Failed', 'before the handler'); // another incarnation of the country
  await ann.sees('Somebody saved while you were editing');
});
