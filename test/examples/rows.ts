/** What the catalogue answers, on every framework. In a header value, `{tag}` is the current tag of /countries/FRA. */
import type { Ask } from './ask.ts';

/** Resources that can be read, and what their answers say to caches. */
export const READS: readonly (readonly [says: string, path: string, tag: RegExp, cacheControl: string])[] = [
  ['a list', '/countries', /^W\/"/, 'public, max-age=10'],
  ['a page of a region', '/countries?region=Europe&page=2', /^W\/"/, 'public, max-age=10'],
  ['an empty list', '/countries?region=Atlantis', /^W\/"/, 'public, max-age=10'],
  ['a country', '/countries/FRA', /^"1@/, 'public, no-cache'],
  ['the borders of a country', '/countries/FRA/borders', /^"/, 'public, max-age=60'],
  ['no borders', '/countries/ISL/borders', /^"/, 'public, max-age=60'],
  ['a resource without validators of its own', '/about', /^W\/"/, 'public, max-age=3600, stale-if-error=86400'],
];

export interface Refusal extends Ask {
  readonly says: string;
  readonly path?: string;
  readonly status: number;
  readonly detail: RegExp;
}

const PATCH = 'PATCH';
const PUT = 'PUT';
/** As the catalogue has it at first. */
export const FRANCE = {
  code: 'FRA',
  name: 'France',
  official: 'French Republic',
  capitals: ['Paris'],
  region: 'Europe',
  subregion: 'Western Europe',
  area: 551_695,
  languages: { fra: 'French' },
};

/** Requests on /countries/FRA, unless they name another path, that change nothing. */
export const REFUSALS: readonly Refusal[] = [
  {
    says: 'PATCH without a precondition is 428 (RFC 6585 §3)',
    method: PATCH,
    json: { name: 'x' },
    status: 428,
    detail: /has to be conditional/,
  },
  {
    says: 'PUT without a precondition is 428 (RFC 6585 §3)',
    method: PUT,
    json: FRANCE,
    status: 428,
    detail: /has to be conditional/,
  },
  {
    says: 'DELETE without a precondition is 428 (RFC 6585 §3)',
    method: 'DELETE',
    status: 428,
    detail: /has to be conditional/,
  },
  {
    says: 'If-Match: * proves no freshness and is 428',
    method: PATCH,
    headers: { 'If-Match': '*' },
    json: { name: 'x' },
    status: 428,
    detail: /has to be conditional/,
  },
  {
    says: 'PATCH of another version is 412 (RFC 9110 §13.1.1)',
    method: PATCH,
    headers: { 'If-Match': '"other"' },
    json: { name: 'x' },
    status: 412,
    detail: /has changed since/,
  },
  {
    says: 'PUT of another version is 412 (RFC 9110 §13.1.1)',
    method: PUT,
    headers: { 'If-Match': '"other"' },
    json: FRANCE,
    status: 412,
    detail: /has changed since/,
  },
  {
    says: 'DELETE of another version is 412 (RFC 9110 §13.1.1)',
    method: 'DELETE',
    headers: { 'If-Match': '"other"' },
    status: 412,
    detail: /has changed since/,
  },
  {
    says: 'a weak tag never matches If-Match (RFC 9110 §8.8.3.2)',
    method: PATCH,
    headers: { 'If-Match': 'W/{tag}' },
    json: { name: 'x' },
    status: 412,
    detail: /weak tag/,
  },
  {
    says: 'an If-Match that cannot be read is 412',
    method: PATCH,
    headers: { 'If-Match': 'FRA, *' },
    json: { name: 'x' },
    status: 412,
    detail: /double quotes/,
  },
  {
    says: 'creating what exists is 412 (RFC 9110 §13.1.2)',
    method: PUT,
    headers: { 'If-None-Match': '*' },
    json: FRANCE,
    status: 412,
    detail: /exists/,
  },
  {
    says: 'PUT with If-Match where there is nothing is 412 (RFC 9110 §13.1.1)',
    path: '/countries/XXX',
    method: PUT,
    headers: { 'If-Match': '{tag}' },
    json: { ...FRANCE, code: 'XXX' },
    status: 412,
    detail: /no such resource/,
  },
  {
    says: 'PATCH where there is nothing is 404',
    path: '/countries/XXX',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    json: { name: 'x' },
    status: 404,
    detail: /no such resource/,
  },
  {
    says: 'DELETE where there is nothing is 404',
    path: '/countries/XXX',
    method: 'DELETE',
    headers: { 'If-Match': '{tag}' },
    status: 404,
    detail: /no such resource/,
  },

  {
    says: 'content that is not JSON is 400, whatever the precondition (RFC 9110 §13.2.1)',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    content: '{"name":',
    status: 400,
    detail: /JSON/,
  },
  {
    says: 'wrong content is 400 before the missing precondition is looked at',
    method: PATCH,
    json: { name: 1 },
    status: 400,
    detail: /^name: expected a text/,
  },
  {
    says: 'content of another type is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}', 'Content-Type': 'text/plain' },
    content: '{"name":"x"}',
    status: 400,
    detail: /application\/json/,
  },
  {
    says: 'JSON in another charset is 415 (RFC 9110 §15.5.16)',
    method: PATCH,
    headers: { 'If-Match': '{tag}', 'Content-Type': 'application/json; charset=latin1' },
    content: '{"name":"x"}',
    status: 415,
    detail: /./,
  },
  {
    says: 'no content is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    status: 400,
    detail: /application\/json/,
  },
  {
    says: 'a JSON list is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    json: ['name'],
    status: 400,
    detail: /JSON object/,
  },
  {
    says: 'an empty change is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    json: {},
    status: 400,
    detail: /at least one/,
  },
  {
    says: 'an unknown member is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    json: { name: 'x', king: 'y' },
    status: 400,
    detail: /^Unknown: king/,
  },
  {
    says: 'a member named __proto__ is unknown like any other',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    content: '{"__proto__":{"name":"x"}}',
    status: 400,
    detail: /^Unknown: __proto__/,
  },
  {
    says: 'a PUT that leaves out members is 400',
    method: PUT,
    headers: { 'If-Match': '{tag}' },
    json: { code: 'FRA', name: 'France' },
    status: 400,
    detail: /^Missing: official, capitals, region, subregion, area, languages$/,
  },
  {
    says: 'a code that is not that of the URL is 400',
    method: PUT,
    headers: { 'If-Match': '{tag}' },
    json: { ...FRANCE, code: 'DEU' },
    status: 400,
    detail: /^code: expected the one of the URL/,
  },
  {
    says: 'a code that is none is 400',
    path: '/countries/fra',
    method: PUT,
    headers: { 'If-None-Match': '*' },
    json: { ...FRANCE, code: 'fra' },
    status: 400,
    detail: /^code: expected three capital letters/,
  },
  {
    says: 'a text that the database would cut is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    json: { name: 'a\u0000b' },
    status: 400,
    detail: /^name:/,
  },
  {
    says: 'half a surrogate pair is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    content: String.raw`{"name":"\ud800"}`,
    status: 400,
    detail: /^name:/,
  },
  {
    says: 'an infinite area is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    content: '{"area":1e999}',
    status: 400,
    detail: /^area:/,
  },
  {
    says: 'a language that is no text is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    json: { languages: { fra: 1 } },
    status: 400,
    detail: /^languages:/,
  },
  {
    says: 'a capital that is no text is 400',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    json: { capitals: [['Paris']] },
    status: 400,
    detail: /^capitals:/,
  },
  {
    says: 'content of more than 16 KiB is 413 (RFC 9110 §15.5.14)',
    method: PATCH,
    headers: { 'If-Match': '{tag}' },
    json: { name: 'x'.repeat(17_000) },
    status: 413,
    detail: /large/,
  },

  { says: 'a page that is no number is 400', path: '/countries?page=two', status: 400, detail: /^page:/ },
  { says: 'page 0 is 400', path: '/countries?page=0', status: 400, detail: /^page:/ },
  {
    says: 'a page number beyond any list is 400',
    path: '/countries?page=99999999999999999999',
    status: 400,
    detail: /^page:/,
  },
  { says: 'two pages at once are 400', path: '/countries?page=1&page=2', status: 400, detail: /^page:/ },
  {
    says: 'two regions at once are 400',
    path: '/countries?region=Asia&region=Europe',
    status: 400,
    detail: /^region:/,
  },
  {
    says: 'a page past the last is 404',
    path: '/countries?page=14',
    status: 404,
    detail: /Not Found|no such resource/,
  },
  { says: 'an unknown country is 404', path: '/countries/XXX', status: 404, detail: /Not Found|no such resource/ },
  { says: 'a code in small letters is 404', path: '/countries/fra', status: 404, detail: /Not Found|no such resource/ },
  {
    says: 'a code with more behind it is 404',
    path: '/countries/FRA%00',
    status: 404,
    detail: /Not Found|no such resource/,
  },
  {
    says: 'the borders of an unknown country are 404',
    path: '/countries/XXX/borders',
    status: 404,
    detail: /Not Found|no such resource/,
  },
  { says: 'an unknown resource is 404', path: '/continents', status: 404, detail: /no such resource/ },
  {
    says: 'a method that a resource does not have is 405 (RFC 9110 §15.5.6)',
    method: 'POST',
    json: FRANCE,
    status: 405,
    detail: /./,
  },
  {
    says: 'a write on a list is 405 (RFC 9110 §15.5.6)',
    path: '/countries',
    method: 'POST',
    json: FRANCE,
    status: 405,
    detail: /./,
  },
];

export interface Change {
  readonly says: string;
  readonly path: string;
  readonly method: string;
  readonly json?: unknown;
  /** Resources that the write gives another tag. */
  readonly changes: readonly string[];
  /** Resources whose tag stays. */
  readonly keeps: readonly string[];
}

/** Writes with the current tag, or `If-None-Match: *` where there is nothing yet; every row has countries of its own. */
export const CHANGES: readonly Change[] = [
  {
    says: 'a change of a country changes every page that it may be on, and the borders of its neighbours',
    path: '/countries/DEU',
    method: PATCH,
    json: { capitals: ['Bonn'] },
    changes: [
      '/countries/DEU',
      '/countries/DEU/borders',
      '/countries/FRA/borders',
      '/countries',
      '/countries?region=Europe&page=3',
    ],
    keeps: ['/countries/FRA', '/countries/PRT/borders', '/countries?region=Asia', '/about'],
  },
  {
    says: 'a change that says what is there already is a new version too',
    path: '/countries/JPN',
    method: PATCH,
    json: { name: 'Japan' },
    changes: ['/countries/JPN', '/countries?region=Asia'],
    keeps: ['/countries/KOR', '/countries?region=Europe'],
  },
  {
    says: 'a country that moves changes the region that it leaves and the one that it enters',
    path: '/countries/EGY',
    method: PATCH,
    json: { region: 'Asia' },
    changes: ['/countries/EGY', '/countries?region=Africa', '/countries?region=Asia', '/countries/LBY/borders'],
    keeps: ['/countries?region=Oceania', '/countries/LBY'],
  },
  {
    says: 'a country that goes changes its region and the borders of its neighbours',
    path: '/countries/BOL',
    method: 'DELETE',
    changes: ['/countries?region=Americas', '/countries/PER/borders'],
    keeps: ['/countries/PER', '/countries?region=Africa'],
  },
  {
    says: 'a country that comes changes its region',
    path: '/countries/ZZZ',
    method: PUT,
    json: { ...FRANCE, code: 'ZZZ', region: 'Oceania' },
    changes: ['/countries?region=Oceania', '/countries'],
    keeps: ['/countries/AUS', '/countries?region=Europe'],
  },
];
