/** Validation: RFC 9111 §4.3. */
import { describe, expect, test } from '@jest/globals';
import type { StoredResponse } from '../../src/response-stores/stored-response.ts';
import { update, updateFromHead } from '../../src/response-cache/update.ts';
import { identifiedBy, validationFields } from '../../src/response-cache/validation.ts';
import { after, at, GET, received, request, rules, shown, stored, type Fields } from './messages.ts';

const cc = (value: string): Fields => ({ 'Cache-Control': value });

describe('a validation request', () => {
  const selected = stored({ ETag: '"1"', 'Last-Modified': at(-60) });

  test.each([
    [
      'names the tag and the date of the selected response (§4.3.1)',
      selected,
      [selected],
      ['if-none-match: "1"', `if-modified-since: ${at(-60)}`],
    ],
    ['names a weak tag as it is (§4.3.1)', stored({ ETag: 'W/"1"' }), [], ['if-none-match: W/"1"']],
    ['names a date alone (§4.3.1)', stored({ 'Last-Modified': at(-60) }), [], [`if-modified-since: ${at(-60)}`]],
    [
      'names the tags of all that is stored (§4.3.1)',
      selected,
      [stored({ ETag: '"2"' }), selected, stored({})],
      ['if-none-match: "1", "2"', `if-modified-since: ${at(-60)}`],
    ],
    ['names each tag once', undefined, [stored({ ETag: '"2"' }), stored({ ETag: '"2"' })], ['if-none-match: "2"']],
    ['names no date of a response that was not selected', undefined, [stored({ 'Last-Modified': at(-60) })], []],
    ['names nothing that is no tag', stored({ ETag: 'abc' }), [], []],
    ['names nothing that is no date', stored({ 'Last-Modified': 'yesterday' }), [], []],
  ] as const)('%s', (_, response, all, expected) => {
    expect(shown(validationFields(response, all))).toEqual(expected);
  });

  test('names nothing where nothing is known', () => {
    expect(validationFields(undefined)).toEqual([]);
  });
});

describe('a 304 is about', () => {
  const one = stored({ ETag: '"1"' });
  const again = stored({ ETag: '"1"', Vary: 'Foo' }, { received: 5 });
  const two = stored({ ETag: '"2"' });
  const weak = stored({ ETag: 'W/"1"', Date: at(9) }, { received: 9 });
  const untagged = stored({ 'Last-Modified': at(-60) });
  const bare = stored({});

  test.each<readonly [string, Fields, readonly StoredResponse[], readonly StoredResponse[]]>([
    ['all responses with its strong tag (§4.3.4)', { ETag: '"1"' }, [one, two, again, weak], [one, again]],
    ['none, where its strong tag is unknown (§4.3.4)', { ETag: '"3"' }, [one, two], []],
    ['the only response, but not with another strong tag (§4.3.4)', { ETag: '"3"' }, [one], []],
    ['the latest with its weak tag (§4.3.4)', { ETag: 'W/"1"' }, [one, weak, two], [weak]],
    ['none, where its weak tag is unknown (§4.3.4)', { ETag: 'W/"3"' }, [one, weak], []],
    ['all with its strong date (§4.3.4)', { 'Last-Modified': at(-60) }, [untagged, one], [untagged]],
    [
      'the latest with its weak date (RFC 9110 §8.8.2.2)',
      { 'Last-Modified': at(0), Date: at(0) },
      [stored({ 'Last-Modified': at(0) }), one],
      [stored({ 'Last-Modified': at(0) })],
    ],
    [
      'a response without a tag, by its date (§4.3.4)',
      { ETag: '"1"', 'Last-Modified': at(-60) },
      [untagged, two],
      [untagged],
    ],
    ['the only response, where it has no validator (§4.3.4)', {}, [bare], [bare]],
    ['the only response that was asked about', {}, [one], [one]],
    ['nobody knows which of several', {}, [one, two], []],
    ['none of none', {}, [], []],
  ])('%s', (_, fields, all, expected) => {
    expect(identifiedBy(received(fields, { status: 304 }), all)).toEqual(expected);
  });
});

describe('a stored response updated by a 304', () => {
  const before = stored({
    ...cc('max-age=2'),
    Date: at(0),
    ETag: '"1"',
    A: '1',
    'Content-Length': '4',
    'Content-Encoding': 'gzip',
    'Content-Type': 'text/plain',
  });
  const by304 = (fields: Fields, own = {}, from = before, by = GET) =>
    update(from, received(fields, { status: 304, sent: 10, received: 11 }), by, rules(own));

  const fieldRows: readonly (readonly [name: string, fields: Fields, changed: Fields])[] = [
    ['takes its fields over (§3.2)', { A: '2', Date: at(10) }, { a: '2', date: at(10) }],
    ['keeps what the 304 does not say (§3.2)', { Date: at(10) }, { date: at(10) }],
    ['gets fields that are new (§3.2)', { B: '2', Date: at(10) }, { b: '2', date: at(10) }],
    [
      'replaces all lines of a field by all that came (§3.2)',
      { A: ['2', '3'], Date: at(10) },
      { a: '2, 3', date: at(10) },
    ],
    [
      'has a new lifetime (§4.3.4)',
      { ...cc('max-age=60'), Date: at(10) },
      { 'cache-control': 'max-age=60', date: at(10) },
    ],
    ['gets a Date where the 304 has none (RFC 9110 §6.6.1)', {}, { date: at(11) }],
    ['gets a Date where that of the 304 is none (RFC 9110 §6.6.1)', { Date: 'foo' }, { date: at(11) }],
    ['keeps its Content-Length (§3.2)', { 'Content-Length': '0', Date: at(10) }, { date: at(10) }],
    ['keeps the coding of its octets (§3.2)', { 'Content-Encoding': 'br', Date: at(10) }, { date: at(10) }],
    [
      'takes over Content-Type, which is a field like others (§3.2)',
      { 'Content-Type': 'text/html', Date: at(10) },
      { 'content-type': 'text/html', date: at(10) },
    ],
    [
      'does not get fields of one connection (§3.1)',
      { Connection: 'b', B: '1', 'Transfer-Encoding': 'chunked', Date: at(10) },
      { date: at(10) },
    ],
    ['does not get Age (§4.2.3)', { Age: '5', Date: at(10) }, { date: at(10) }],
    [
      'does not get fields that the 304 withholds (§5.2.2.7)',
      { ...cc('max-age=60, private="b"'), B: '1', Date: at(10) },
      { 'cache-control': 'max-age=60, private="b"', date: at(10) },
    ],
  ];

  test.each(fieldRows)('%s', (_, fields, changed) => {
    const outcome = by304(fields);
    const expected = { ...Object.fromEntries(before.fields), ...changed };
    expect(outcome.kind).toBe('updated');
    expect(joined(outcome)).toEqual(expected);
  });

  test('counts its age from the 304 (§4.3.4)', () => {
    expect(by304({ Age: '3' })).toMatchObject({ response: { requestTime: after(7), responseTime: after(11) } });
  });

  test('keeps its content and its tags', () => {
    expect(by304({})).toMatchObject({ response: { body: before.body, tags: before.tags, status: 200 } });
  });

  test.each<readonly [string, Fields, string, object?]>([
    ['says no-store', cc('no-store'), 'no-store'],
    ['says private', cc('private, max-age=60'), 'private'],
    ['says Vary: *', { Vary: '*' }, 'vary'],
    ['sets a cookie', { 'Set-Cookie': 'sid=1' }, 'set-cookie'],
    ['cannot be read', cc('max-age=60, x="'), 'unreadable'],
  ])('is sent once more and then gone, where the 304 %s', (_, fields, why) => {
    const outcome = by304(fields);
    expect(outcome).toMatchObject({ kind: 'discarded', why });
    expect(Object.keys(joined(outcome))).not.toContain('set-cookie');
  });

  test('has no cookie of a 304 where cookies are stripped', () => {
    const outcome = by304({ 'Set-Cookie': 'sid=1' }, { setCookie: 'strip' });
    expect(outcome.kind).toBe('updated');
    expect(Object.keys(joined(outcome))).not.toContain('set-cookie');
  });

  test('stays the variant that it was, though another request was answered 304 by its tag (§4.3.4)', () => {
    const variant = {
      ...before,
      fields: [...before.fields, ['vary', 'foo'] as const],
      varying: [['foo', '1'] as const],
    };
    expect(by304({ Vary: 'Foo' }, {}, variant, request({ Foo: '2' }))).toMatchObject({
      response: { varying: [['foo', '1']] },
    });
  });

  test('answers the request of the 304 where Vary is another one now', () => {
    expect(by304({ Vary: 'Foo' }, {}, before, request({ Foo: '2' }))).toMatchObject({
      response: { varying: [['foo', '2']] },
    });
    const variant = { ...before, varying: [['bar', '1'] as const] };
    expect(by304({ Vary: 'Foo' }, {}, variant, request({ Foo: '2' }))).toMatchObject({
      response: { varying: [['foo', '2']] },
    });
  });
});

function joined(outcome: { readonly response: StoredResponse }): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of outcome.response.fields)
    values[name] = values[name] === undefined ? value : `${values[name]}, ${value}`;
  return values;
}

describe('a stored response that a HEAD speaks of (§4.3.5)', () => {
  const before = stored({ ...cc('max-age=2'), Date: at(0), ETag: '"1"', 'Last-Modified': at(-60) }, { body: '1234' });
  const HEAD = request({}, 'HEAD');
  const head = (fields: Fields, status = 200, from = before) =>
    updateFromHead(from, received(fields, { status, received: 11 }), HEAD, rules({}));

  test.each<readonly [string, Fields, string]>([
    [
      'is updated where nothing differs',
      { ETag: '"1"', 'Last-Modified': at(-60), 'Content-Length': '4', ...cc('max-age=60') },
      'updated',
    ],
    ['is updated where the HEAD has no validators', { ...cc('max-age=60') }, 'updated'],
    ['is stale where the tag differs', { ETag: '"2"', ...cc('max-age=60') }, 'invalidated'],
    ['is stale where the tag is weak now', { ETag: 'W/"1"', ...cc('max-age=60') }, 'invalidated'],
    ['is stale where the date differs', { 'Last-Modified': at(-50), ...cc('max-age=60') }, 'invalidated'],
    ['is stale where the length differs', { 'Content-Length': '5', ...cc('max-age=60') }, 'invalidated'],
    ['is gone where it may not be kept any longer', { ...cc('no-store') }, 'discarded'],
  ])('%s', (_, fields, kind) => {
    expect(head(fields).kind).toBe(kind);
  });

  test('has the fields of the HEAD', () => {
    expect(joined(head({ ...cc('max-age=60'), A: '2' }) as { response: StoredResponse })).toMatchObject({
      a: '2',
      'cache-control': 'max-age=60',
    });
  });

  test.each([
    ['the HEAD is not a 200', 404, before],
    ['it is not a 200 itself', 200, stored(cc('max-age=2'), { status: 301 })],
  ])('is left alone where %s', (_, status, from) => {
    expect(head(cc('max-age=60'), status, from)).toEqual({ kind: 'unaffected' });
  });
});
