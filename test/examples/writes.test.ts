/** The life of a country: created, read, replaced, changed, deleted and created again, each step from the tag of the one before. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ask, tagOf, type Answer } from './ask.ts';
import { EXAMPLES, start, type RunningExample } from './running-example.ts';

jest.setTimeout(60_000);

const country = (code: string) => ({
  code,
  name: 'Žižkov 😀 日本',
  official: 'العربية "quoted" \\',
  capitals: ['Ñ', 'É'],
  region: 'Europe',
  subregion: '',
  area: 0.44,
  languages: { ces: 'čeština', zho: '中文' },
});

describe.each(EXAMPLES)('examples/%s.ts', (example) => {
  let server: RunningExample;

  beforeAll(async () => {
    server = await start(example);
  });

  afterAll(() => server.stop());

  const url = (code: string): string => `${server.base}/countries/${code}`;
  const put = (code: string, headers: Record<string, string>, json: unknown = country(code)): Promise<Answer> =>
    ask(url(code), { method: 'PUT', headers, json });

  test('If-None-Match: * creates with 201, once, and GET gives what was sent under the tag of the answer', async () => {
    const created = await put('QAA', { 'If-None-Match': '*' });
    expect(created).toMatchObject({ status: 201, json: country('QAA'), etag: expect.stringMatching(/^"/) });
    expect(created.headers.get('Location')).toBe('/countries/QAA');
    expect(await put('QAA', { 'If-None-Match': '*' })).toMatchObject({ status: 412, etag: created.etag });
    expect(await ask(url('QAA'))).toMatchObject({ status: 200, json: country('QAA'), etag: created.etag });
  });

  test('PUT sends the new tag because GET gives back what was sent, octet for octet where it was sent as GET gives it (RFC 9110 §9.3.4)', async () => {
    const { etag, text, json } = await ask(url('ZAF'));
    expect(json['capitals']).toEqual(['Pretoria', 'Bloemfontein', 'Cape Town']);
    const answer = await ask(url('ZAF'), { method: 'PUT', headers: { 'If-Match': String(etag) }, content: text });
    expect(answer).toMatchObject({ status: 200, etag: expect.stringMatching(/^"/) });
    expect(answer.etag).not.toBe(etag);
    expect(await ask(url('ZAF'))).toMatchObject({ etag: answer.etag, text });
  });

  test('PATCH changes what it names and nothing else, and sends the tag that the next write needs', async () => {
    const before = await ask(url('ITA'));
    const patch = (tag: string | null, json: unknown): Promise<Answer> =>
      ask(url('ITA'), { method: 'PATCH', headers: { 'If-Match': String(tag) }, json });
    const first = await patch(before.etag, { name: 'Italien', area: null });
    expect(first).toMatchObject({ status: 200, json: { ...before.json, name: 'Italien', area: null } });
    const second = await patch(first.etag, { languages: {} });
    expect(second).toMatchObject({ status: 200, json: { ...first.json, languages: {} } });
    expect(await ask(url('ITA'))).toMatchObject({ etag: second.etag, text: second.text });
    expect(await patch(first.etag, { name: 'Italy' })).toMatchObject({ status: 412, etag: second.etag });
  });

  test('the weak form of the current tag reads, and does not write (RFC 9110 §8.8.3.2)', async () => {
    const weak = `W/${await tagOf(url('ESP'))}`;
    expect(await ask(url('ESP'), { headers: { 'If-None-Match': weak } })).toMatchObject({ status: 304 });
    expect(await ask(url('ESP'), { method: 'DELETE', headers: { 'If-Match': weak } })).toMatchObject({ status: 412 });
  });

  test('DELETE is 204 without validators, and the country is gone', async () => {
    const answer = await ask(url('PRT'), { method: 'DELETE', headers: { 'If-Match': await tagOf(url('PRT')) } });
    expect(answer).toMatchObject({ status: 204, etag: null, text: '' });
    expect(await ask(url('PRT'))).toMatchObject({ status: 404, etag: null });
  });

  test('a country that was deleted and created again does not take the tags of the first one', async () => {
    const first = await put('QAB', { 'If-None-Match': '*' });
    await ask(url('QAB'), { method: 'DELETE', headers: { 'If-Match': String(first.etag) } });
    const second = await put('QAB', { 'If-None-Match': '*' });
    expect(second.status).toBe(201);
    expect(await put('QAB', { 'If-Match': String(first.etag) })).toMatchObject({ status: 412, etag: second.etag });
    expect(await ask(url('QAB'), { headers: { 'If-None-Match': String(first.etag) } })).toMatchObject({ status: 200 });
  });
});
