/** What went wrong in other caches, by its number or by its name, decided here. What a layer or a store decides is tested with them. */
import { expect, test } from '@jest/globals';
import { evaluatePreconditions } from '../../src/conditional/preconditions.ts';
import { parseCacheControl } from '../../src/http/cache-directives.ts';
import { parseEntityTag } from '../../src/http/entity-tag.ts';
import { appendVary } from '../../src/http/vary.ts';
import { cacheKey, tagKey } from '../../src/response-cache/cache-key.ts';
import { cacheStatus } from '../../src/response-cache/cache-status.ts';
import { CAREFUL } from '../../src/response-cache/cache-rules.ts';
import { eligible } from '../../src/response-cache/eligible.ts';
import { invalidation } from '../../src/response-cache/invalidate.ts';
import { notModified } from '../../src/response-cache/not-modified.ts';
import { reuse, reuseAfterFailure } from '../../src/response-cache/reuse.ts';
import { normalizeTarget } from '../../src/response-cache/target.ts';
import { identifiedBy } from '../../src/response-cache/validation.ts';
import { selectVariant } from '../../src/response-cache/variants.ts';
import { after, at, GET, keep, kept, received, request, rules, shown, stored, type Fields } from './messages.ts';

const FRESH = { 'Cache-Control': 'max-age=60' };
const cc = (value: string): Fields => ({ 'Cache-Control': value });
const why = (...given: Parameters<typeof keep>): string => {
  const outcome = keep(...given);
  return typeof outcome === 'string' ? outcome : 'stored';
};
const whyEach = (...values: readonly string[]): ReadonlySet<string> =>
  new Set(values.map((value) => why(received(cc(`max-age=60, ${value}`)))));
const get = (fields: Fields) => request(fields);
const key = (parts: object): string => cacheKey({ namespace: 'v1', method: 'GET', target: '/', ...parts });

/** The sentence says what does not happen; `seen` is what happens. */
const rows: readonly (readonly [name: string, seen: () => unknown, expected: unknown])[] = [
  [
    'CVE-2026-24472 (hono): private and no-store count in any letter case and place',
    () => whyEach('Private', 'PRIVATE', 'x, private', 'public, private'),
    new Set(['private']),
  ],
  [
    'CVE-2026-24472 (hono): no-store counts with anything around it',
    () => whyEach('No-Store', ' no-store ', ',,no-store', 'x="y", no-store'),
    new Set(['no-store']),
  ],
  [
    'CVE-2026-9678 (undici): a name after white space is withheld too',
    () => shown(kept(received({ ...cc('max-age=60, no-cache=" x-user"'), 'X-User': 'ada', Date: at(0) })).fields),
    ['cache-control: max-age=60, no-cache=" x-user"', `date: ${at(0)}`],
  ],
  [
    'CVE-2026-14643 (undici): white space around = takes no restriction away',
    () => whyEach('private ="x"', 'private= "x"', 'no-store =1', 'max-age = 9'),
    new Set(['unreadable']),
  ],
  [
    'CVE-2026-14643 (undici): so it is where only the meaning is asked',
    () => parseCacheControl('private = "x", no-store = 1'),
    { private: true, noStore: true },
  ],
  [
    'CVE-2026-13697 (undici): private="" is private, and crashes nothing',
    () => whyEach('private=""', 'private=","', 'private=" "'),
    new Set(['private']),
  ],
  [
    'CVE-2026-13697 (undici): private for some fields and for all is private',
    () => whyEach('private="x", private', 'private, private="x"', 'private="x", private=""'),
    new Set(['private']),
  ],
  [
    'CVE-2026-93748 (http-cache-semantics): max-stale unlocks nothing that must not be shared',
    () =>
      ['private', 'no-store', 'no-cache', 'must-revalidate', 's-maxage=0'].map(
        (directive) =>
          reuse(
            stored({ ...cc(directive), ETag: '"1"' }),
            get(cc('max-stale')),
            after(1),
            rules({ honourRequest: 'everything' }),
          ).kind,
      ),
    ['unusable', 'unusable', 'validate', 'validate', 'validate'],
  ],
  [
    'CVE-2022-25881 (http-cache-semantics): a hostile field is read in one pass',
    () => [
      parseCacheControl(`a${' '.repeat(1e6)}x`),
      parseCacheControl('"'.repeat(1e6)),
      why(received({ ...FRESH, Vary: `a${' ,'.repeat(5e5)}` })),
    ],
    [{}, {}, 'stored'],
  ],
  [
    'CVE-2012-2671 (Rack::Cache), CVE-2022-24894 (Symfony), CVE-2005-0626 (Squid): Set-Cookie is not stored',
    () => why(received({ ...cc('public, max-age=60'), 'Set-Cookie': 'sid=1' })),
    'set-cookie',
  ],
  [
    'CVE-2024-26144 (Rails): not even where the response says public and immutable',
    () =>
      why(received({ ...cc('public, max-age=60, immutable'), 'Set-Cookie': 'sid=1' }), {
        scoped: true,
        statuses: 'any',
      }),
    'set-cookie',
  ],
  [
    'CVE-2025-48947 (Auth0), CVE-2025-64762 (AuthKit): a cookie among others is one',
    () => why(received({ ...FRESH, 'Set-Cookie': ['theme=dark', '__session=1'] })),
    'set-cookie',
  ],
  [
    'CVE-2023-30861 (Flask): the response to a request with a session is not stored, Vary or not',
    () => [why(received(FRESH), {}, get({ Cookie: 'session=1' })), why(received({ ...FRESH, Vary: 'Cookie' }))],
    ['credentials', 'vary'],
  ],
  [
    'CVE-2022-24894 (Symfony): an entry with Set-Cookie from elsewhere is not sent',
    () => reuse(stored({ ...FRESH, 'Set-Cookie': 'sid=1' }), GET, after(0), CAREFUL).kind,
    'unusable',
  ],
  [
    'CVE-2026-44457 (hono), CVE-2025-49005 (Next): Vary is honoured',
    () => selectVariant([kept(received({ ...FRESH, Vary: 'RSC' }), {}, get({ RSC: '1' }))], GET, CAREFUL),
    { kind: 'none', why: 'vary-miss' },
  ],
  [
    'CVE-2026-59903 (netty): Vary is added to, never replaced',
    () => appendVary('Accept-Encoding', ['Origin']),
    'Accept-Encoding, Origin',
  ],
  [
    'CVE-2024-46982, CVE-2025-32421 (Next), CVE-2025-43864 (React Router): no response that depends on a field the key does not cover',
    () =>
      ['x-now-route-matches', 'X-React-Router-SPA-Mode', 'X-Forwarded-Host'].map((name) =>
        why(received({ ...FRESH, Vary: name }), { varyOn: ['accept'] }),
      ),
    ['vary', 'vary', 'vary'],
  ],
  [
    'CVE-2025-49826 (Next): a 204 without a lifetime is not stored for a page',
    () => why(received({ ETag: '"1"' }, { status: 204 })),
    'no-lifetime',
  ],
  [
    'CVE-2025-57752 (Next): the response to a request with credentials is not stored',
    () => why(received(cc('public, max-age=60')), {}, get({ Cookie: 'sid=1' })),
    'credentials',
  ],
  [
    'CVE-2025-27415 (Nuxt): what looks like a path in a query is a query',
    () => key({ target: '/?/_payload.json' }) === key({ target: '/' }),
    false,
  ],
  [
    'CVE-2021-41267 (Symfony), GHSA-4q56-crqp-v477 (React Router): no field of a request is a part of the key',
    () => [key({}) === key({ host: 'evil.example' }), cacheKey.length],
    [false, 1],
  ],
  [
    'CVE-2021-23336 (Python): a parameter hidden behind a semicolon is not dropped',
    () => normalizeTarget('/?utm_content=1;callback=evil', { drop: ['utm_content'] }),
    '/?utm_content=1;callback=evil',
  ],
  [
    'CVE-2016-10002 (Squid): a 304 is not stored, nor what answers a condition',
    () =>
      [304, 412].map((status) =>
        why(received(FRESH, { status }), { statuses: 'any' }, get({ 'If-None-Match': '"1"' })),
      ),
    ['status', 'status'],
  ],
  [
    'CVE-2026-116630 (undici): a 304 with another tag validates nothing',
    () => identifiedBy(received({ ETag: '"other"' }, { status: 304 }), [stored({ ETag: '"1"' })]),
    [],
  ],
  [
    'CVE-2017-16119 (fresh): a long list of tags is read in one pass',
    () => notModified(stored({ ETag: '"1"' }), get({ 'If-None-Match': ' ,'.repeat(1e6) }), after(0)).kind,
    'whole',
  ],
  [
    'CVE-2022-23631, ocache: names as those of Object.prototype are names',
    () =>
      ['__proto__', 'constructor', 'toString'].map((name) => [
        parseCacheControl(name),
        why(received({ ...cc(`max-age=60, ${name}`), [name]: '1', Vary: name, 'Cache-Groups': `"${name}"` })),
      ]),
    [
      [{}, 'stored'],
      [{}, 'stored'],
      [{}, 'stored'],
    ],
  ],
  [
    'CVE-2025-29927 (Next), apicache: no request field switches the cache',
    () =>
      ['x-apicache-bypass', 'x-apicache-force-fetch', 'x-middleware-subrequest', 'pragma', 'cache-control'].map(
        (name) =>
          [
            eligible(get({ [name]: 'no-cache' }), CAREFUL).kind,
            reuse(stored(FRESH), get({ [name]: 'no-cache' }), after(0), CAREFUL).kind,
          ].join(),
      ),
    Array.from({ length: 5 }, () => 'eligible,fresh'),
  ],
  [
    'one octet of a range, stored as the whole (Squid and others)',
    () => [
      why(
        received({ ...FRESH, 'Content-Range': 'bytes 0-0/9' }, { status: 206 }),
        { statuses: 'any' },
        get({ Range: 'bytes=0-0' }),
      ),
      why(received({ ...FRESH, 'Content-Range': 'bytes 0-0/9' })),
    ],
    ['range', 'content-range'],
  ],
  [
    'fat GET: content that the key does not cover',
    () => [
      eligible(get({ 'Content-Length': '9' }), CAREFUL),
      eligible(get({ 'Transfer-Encoding': 'chunked' }), CAREFUL),
    ],
    [
      { kind: 'bypass', why: 'content' },
      { kind: 'bypass', why: 'content' },
    ],
  ],
  [
    'web cache deception: an extension makes nothing storable',
    () => why(received({ 'Content-Type': 'text/css' })),
    'no-lifetime',
  ],
  [
    'CPDoS: an error is not stored, though it say public',
    () => [400, 404, 405, 431, 500, 503].map((status) => why(received(cc('public, max-age=60'), { status }))),
    Array.from({ length: 6 }, () => 'status'),
  ],
  [
    'Apache 45023: a stored gzip is not said to be another coding by a 304',
    () => why(received({ ...cc('max-age=60, private="content-encoding"'), 'Content-Encoding': 'gzip' })),
    'missed-field',
  ],
  [
    'ocache: a name with colons is not another name',
    () => tagKey('a', 'tag', undefined, 'b:c') === tagKey('a:b', 'tag', undefined, 'c'),
    false,
  ],
  [
    'steemit/wallet#318: a key that reads like a digest is hashed like others',
    () => key({ target: key({ target: '/a' }) }) === key({ target: '/a' }),
    false,
  ],
  ['apicache: the host is a part of the key', () => key({ host: 'a.example' }) === key({ host: 'b.example' }), false],
  [
    'apicache: a POST is never answered from the cache, and its answer never stored',
    () => [
      why(received(FRESH), {}, request({}, 'POST')),
      reuse(stored(FRESH), request({}, 'POST'), after(0), CAREFUL).kind,
    ],
    ['method', 'unusable'],
  ],
  ['apicache: private, no-store stays what it is', () => whyEach('private, no-store'), new Set(['no-store'])],
  [
    'Nest CacheInterceptor, apicache: the response to alice is not stored for bob',
    () => why(received(FRESH), {}, get({ Authorization: 'alice' })),
    'credentials',
  ],
  [
    'Nest CacheInterceptor: status and fields are kept',
    () => kept(received({ ...FRESH, 'X-Custom': 'a', Date: at(0) }, { status: 203 })),
    stored({ ...FRESH, 'X-Custom': 'a', Date: at(0) }, { status: 203 }),
  ],
  [
    'cacheable-response: a POST is not answered 304',
    () => notModified(stored({ ETag: '"1"' }), request({ 'If-None-Match': '"1"' }, 'POST'), after(0)).kind,
    'whole',
  ],
  [
    'cacheable-response: a list of tags, and a weak one, match',
    () =>
      ['"z", "1"', 'W/"1"'].map(
        (value) => notModified(stored({ ETag: '"1"' }), get({ 'If-None-Match': value }), after(0)).kind,
      ),
    ['not-modified', 'not-modified'],
  ],
  [
    'ocache N5: a PUT that succeeds invalidates its target',
    () => invalidation({ method: 'PUT', target: '/r' }, { status: 200, fields: [] }).targets,
    ['/r'],
  ],
  [
    'ocache N6: a failed refresh leaves the stale response of use',
    () => reuseAfterFailure(stored(cc('max-age=1, stale-if-error=60')), GET, after(30), CAREFUL).kind,
    'stale',
  ],
  [
    'ocache: a stored 304 is not sent to those who asked for no condition',
    () => reuse(stored(FRESH, { status: 304 }), GET, after(0), CAREFUL).kind,
    'unusable',
  ],
  [
    'fresh E1: no-cache in the request does not undo a 304',
    () =>
      notModified(stored({ ETag: '"1"' }), get({ 'If-None-Match': '"1"', 'Cache-Control': 'no-cache' }), after(0)).kind,
    'not-modified',
  ],
  [
    'fresh E2: a tag with a comma matches itself',
    () => notModified(stored({ ETag: '"a,b"' }), get({ 'If-None-Match': '"a,b"' }), after(0)).kind,
    'not-modified',
  ],
  [
    'fresh E3: 2099-01-01 is no date',
    () => notModified(stored({ 'Last-Modified': at(-60) }), get({ 'If-Modified-Since': '2099-01-01' }), after(0)).kind,
    'whole',
  ],
  [
    '@fastify/etag F3: an error is not answered 304',
    () =>
      [404, 500].map(
        (status) => notModified(stored({ ETag: '"1"' }, { status }), get({ 'If-None-Match': '"1"' }), after(0)).kind,
      ),
    ['whole', 'whole'],
  ],
  [
    'h3 N1: a PUT is not answered 304 by what is stored',
    () => [
      notModified(stored({ ETag: '"1"' }), request({ 'If-None-Match': '*' }, 'PUT'), after(0)).kind,
      evaluatePreconditions({
        method: 'PUT',
        headers: { 'if-none-match': '*' },
        current: { entityTag: parseEntityTag('"1"') },
      }).kind,
    ],
    ['whole', 'precondition-failed'],
  ],
  [
    'RFC 9211 §6: Cache-Status does not say the key',
    () => cacheStatus(undefined, 'unstale', { kind: 'hit', ttl: 1 }).includes('key'),
    false,
  ],
];

test.each(rows)('%s', (_, seen, expected) => {
  expect(seen()).toEqual(expected);
});
