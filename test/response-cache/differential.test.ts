/** `unstale` beside `http-cache-semantics`: stored and used again or not; where they differ, a row says why. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import CachePolicy from 'http-cache-semantics';
import { parseCacheControl } from '../../src/http/cache-directives.ts';
import type { CacheRules } from '../../src/response-cache/cache-rules.ts';
import { reuse } from '../../src/response-cache/reuse.ts';
import { selectVariant } from '../../src/response-cache/variants.ts';
import { after, at, keep, NOW, received, request, rules } from './messages.ts';

type Headers = Readonly<Record<string, string>>;

/** One exchange, and a request that comes later. */
interface Case {
  readonly first: Headers;
  readonly status: number;
  readonly response: Headers;
  readonly later: Headers;
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Seconds between the two. */
  readonly wait: number;
}

type Verdict = 'used' | 'asked';

/** As near to the other package as rules go. */
const RULES: Partial<CacheRules> = {
  statuses: 'any',
  scoped: true,
  setCookie: 'refuse',
  contentRange: 'keep',
  heuristic: { fraction: 0.1, limit: Number.MAX_SAFE_INTEGER },
  honourRequest: 'everything',
  targets: [],
};

function unstale({ first, status, response, later: presented, method, wait }: Case): Verdict {
  const kept = keep(received(response, { status }), RULES, request(first));
  if (typeof kept === 'string') return 'asked';
  const later = request(presented, method);
  const selection = selectVariant([kept], later, rules(RULES));
  if (selection.kind === 'none') return 'asked';
  const { kind } = reuse(selection.response, later, after(wait), rules(RULES));
  return kind === 'fresh' || kind === 'stale' ? 'used' : 'asked';
}

function semantics({ first, status, response, later: presented, method, wait }: Case): Verdict {
  let now = NOW;
  class Policy extends CachePolicy {
    now(): number {
      return now;
    }
  }
  const policy = new Policy(
    { method: 'GET', headers: { ...first } },
    { status, headers: { ...response } },
    { immutableMinTimeToLive: 0 },
  );
  if (!policy.storable()) return 'asked';
  now += wait * 1000;
  return policy.evaluateRequest({ method, headers: { ...presented } }).response ? 'used' : 'asked';
}

const PLAIN: Case = { first: {}, status: 200, response: {}, later: {}, method: 'GET', wait: 10 };
const cc = (value: string): Headers => ({ 'cache-control': value });

interface Difference {
  readonly name: string;
  readonly why: string;
  readonly example: Partial<Case>;
  readonly unstale: Verdict;
  /** What has to be there for the two to differ in this way. */
  applies(given: Case): boolean;
}

const control = ({ response }: Case): string => response['cache-control'] ?? '';
const asked = ({ later }: Case): string => later['cache-control'] ?? '';
const says = (given: Case, ...names: readonly string[]): boolean =>
  names.some((name) => control(given).toLowerCase().includes(name));

const repeats = (value: string): boolean => {
  const names = value.split(', ').map((member) => member.split('=')[0]);
  return new Set(names).size < names.length;
};

const differences: readonly Difference[] = [
  {
    name: 'a response with must-revalidate is used while it is fresh (RFC 9111 §5.2.2.2)',
    why: 'the directive speaks of stale responses only',
    example: { response: cc('max-age=60, must-revalidate') },
    unstale: 'used',
    applies: (given) => says(given, 'must-revalidate'),
  },
  {
    name: 'a response with proxy-revalidate is used while it is fresh (RFC 9111 §5.2.2.8)',
    why: 'as must-revalidate',
    example: { response: cc('max-age=60, proxy-revalidate') },
    unstale: 'used',
    applies: (given) => says(given, 'proxy-revalidate'),
  },
  {
    name: 's-maxage forbids to use it stale (RFC 9111 §4.2.4, §5.2.2.10)',
    why: 'it includes the meaning of proxy-revalidate',
    example: { response: cc('s-maxage=5, stale-while-revalidate=60') },
    unstale: 'asked',
    applies: (given) => says(given, 's-maxage') && (says(given, 'stale-while') || asked(given).includes('max-stale')),
  },
  {
    name: 'no-cache forbids any use without validation (RFC 9111 §5.2.2.4)',
    why: 'it is not a lifetime of 0 that max-stale could extend: CVE-2026-93748',
    example: { response: { ...cc('no-cache, max-age=60'), etag: '"1"' }, later: cc('max-stale') },
    unstale: 'asked',
    applies: (given) => says(given, 'no-cache'),
  },
  {
    name: 'no-cache for some fields speaks of these fields (RFC 9111 §5.2.2.4)',
    why: 'they are not stored, and the rest may be used',
    example: { response: cc('max-age=60, no-cache="x"') },
    unstale: 'used',
    applies: (given) => says(given, 'no-cache='),
  },
  {
    name: 'private for some fields lets a shared cache store the rest (RFC 9111 §5.2.2.7)',
    why: 'the fields are withheld',
    example: { response: cc('max-age=60, private="x"') },
    unstale: 'used',
    applies: (given) => says(given, 'private='),
  },
  {
    name: 'names of directives have no letter case (RFC 9111 §5.2)',
    why: 'No-Store is no-store',
    example: { response: cc('max-age=60, No-Store') },
    unstale: 'asked',
    applies: (given) => control(given) !== control(given).toLowerCase(),
  },
  {
    name: 'of a repeated directive the first counts (RFC 9111 §4.2.1)',
    why: 'as the RFC suggests; it counts the last',
    example: { response: cc('max-age=1, max-age=60') },
    unstale: 'asked',
    applies: (given) => repeats(control(given)) || repeats(asked(given)),
  },
  {
    name: 'a comma in a quoted string is data (RFC 9110 §5.6.4)',
    why: 'it takes the text of an unknown directive for directives',
    example: { response: cc('x="a, max-age=60, b"') },
    unstale: 'asked',
    applies: (given) => control(given).includes('x="'),
  },
  {
    name: 'what is no list of directives is not stored',
    why: 'a restriction may hide in it',
    example: { response: cc('max-age=60, public private') },
    unstale: 'asked',
    applies: (given) => says(given, 'public private'),
  },
  {
    name: 'must-understand takes no-store back (RFC 9111 §5.2.2.3)',
    why: 'it knows RFC 7234, which had no such directive',
    example: { response: cc('max-age=60, no-store, must-understand') },
    unstale: 'used',
    applies: (given) => says(given, 'must-understand'),
  },
  {
    name: 'a status that nobody knows is stored where the response gives a lifetime (RFC 9111 §3)',
    why: 'RFC 9111 asks to know the status for 206, 304 and must-understand only',
    example: { status: 500, response: cc('max-age=60') },
    unstale: 'used',
    applies: ({ status }) => status === 500 || status === 299,
  },
  {
    name: 'a response without a lifetime is not stored',
    why: 'nobody could use it but with max-stale, or stale-while-revalidate from the start',
    example: { response: cc('public'), later: cc('max-stale') },
    unstale: 'asked',
    applies: (given) =>
      !says(given, 'max-age', 's-maxage') &&
      given.response['expires'] === undefined &&
      given.response['last-modified'] === undefined,
  },
  {
    name: 'a response that is stale on arrival, and cannot be validated, is not stored',
    why: 'nobody could use it but with max-stale',
    example: { response: cc('max-age=0'), later: cc('max-stale') },
    unstale: 'asked',
    applies: (given) => asked(given).includes('max-stale') && given.response['etag'] === undefined,
  },
  {
    name: 'Date counts in the age (RFC 9111 §4.2.3)',
    why: 'it leaves out apparent_age',
    example: { response: { ...cc('max-age=60'), date: at(-55) } },
    unstale: 'asked',
    applies: ({ response }) => response['date'] !== undefined && response['date'] !== at(0),
  },
  {
    name: 'an invalid Age is ignored (RFC 9111 §5.1)',
    why: 'it reads the number at its beginning',
    example: { response: { ...cc('max-age=60'), age: '55x' } },
    unstale: 'used',
    applies: ({ response }) => response['age'] === '55x',
  },
  {
    name: 'an Expires that is no HTTP-date is past (RFC 9111 §5.3)',
    why: 'it asks Date.parse, which reads 2099-01-01',
    example: { response: { expires: '2099-01-01' } },
    unstale: 'asked',
    applies: ({ response }) => response['expires'] === '2099-01-01',
  },
  {
    name: 'Set-Cookie is not stored',
    why: 'public and immutable do not make a cookie everybody’s',
    example: { response: { ...cc('public, max-age=60'), 'set-cookie': 'a=1' } },
    unstale: 'asked',
    applies: ({ response }) => response['set-cookie'] !== undefined,
  },
  {
    name: 'HEAD is answered by what GET stored (RFC 9110 §9.3.2)',
    why: 'it wants the same method',
    example: { response: cc('max-age=60'), method: 'HEAD' },
    unstale: 'used',
    applies: ({ method }) => method === 'HEAD',
  },
  {
    name: 'white space around a comma does not make another variant (RFC 9111 §4.1)',
    why: 'it compares octets',
    example: { first: { foo: '1,2' }, response: { ...cc('max-age=60'), vary: 'Foo' }, later: { foo: '1, 2' } },
    unstale: 'used',
    applies: ({ first, later, response }) => response['vary'] === 'Foo' && first['foo'] !== later['foo'],
  },
  {
    name: 'Pragma is not looked at (RFC 9111 §5.4)',
    why: 'RFC 9111 deprecates it',
    example: { response: cc('max-age=60'), later: { pragma: 'no-cache' } },
    unstale: 'used',
    applies: ({ later }) => later['pragma'] !== undefined,
  },
  {
    name: 'a reload does not validate what is immutable (RFC 8246 §2)',
    why: 'it honours max-age=0 all the same',
    example: { response: cc('max-age=60, immutable'), later: cc('max-age=0') },
    unstale: 'used',
    applies: (given) => says(given, 'immutable') && asked(given).includes('max-age'),
  },
  {
    name: 'a client that limits the age gets no stale response, though it may be used stale (RFC 9111 §5.2.1.1)',
    why: 'unless max-stale is present, the client is not willing to accept one',
    example: { response: cc('max-age=5, stale-while-revalidate=60'), later: cc('max-age=30') },
    unstale: 'asked',
    applies: (given) =>
      says(given, 'stale-while') && (asked(given).includes('max-age') || asked(given).includes('min-fresh')),
  },
  {
    name: 'max-stale=5 accepts what has been stale for 5 seconds (RFC 9111 §5.2.1.2)',
    why: '“by no more than the specified number of seconds”',
    example: { response: { ...cc('max-age=5'), etag: '"1"' }, later: cc('max-stale=5') },
    unstale: 'used',
    applies: (given) => asked(given).includes('max-stale='),
  },
];

const directive = fc.constantFrom(
  'public',
  'private',
  'private="x"',
  'no-store',
  'No-Store',
  'no-cache',
  'no-cache="x"',
  'max-age=0',
  'max-age=5',
  'max-age=60',
  'max-age=60',
  'max-age="60"',
  's-maxage=5',
  's-maxage=60',
  'must-revalidate',
  'proxy-revalidate',
  'must-understand',
  'immutable',
  'stale-while-revalidate=3',
  'stale-while-revalidate=30',
  'x="a, max-age=60, b"',
  'public private',
  'foo=bar',
);
const wish = fc.constantFrom(
  'no-cache',
  'no-store',
  'max-age=0',
  'max-age=30',
  'min-fresh=5',
  'min-fresh=90',
  'max-stale',
  'max-stale=5',
  'max-stale=30',
  'foo',
);
const list = (members: fc.Arbitrary<string>, maxLength: number) =>
  fc.uniqueArray(members, { minLength: 1, maxLength }).map((values) => values.join(', '));

/** Fields of which each is there in so many of ten. */
function fields(
  each: Readonly<Record<string, readonly [tenths: number, value: fc.Arbitrary<string>]>>,
): fc.Arbitrary<Headers> {
  const entries = Object.entries(each).map(([name, [tenths, value]]) =>
    fc.tuple(fc.nat(9), value).map(([dice, text]): [string, string][] => (dice < tenths ? [[name, text]] : [])),
  );
  return fc.tuple(...entries).map((found) => Object.fromEntries(found.flat()));
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  first: fields({
    authorization: [1, fc.constant('x')],
    foo: [5, fc.constantFrom('1', '1,2')],
    'cache-control': [1, fc.constantFrom('no-store', 'no-cache')],
  }),
  status: fc.oneof(
    { weight: 7, arbitrary: fc.constant(200) },
    { weight: 3, arbitrary: fc.constantFrom(203, 204, 301, 302, 404, 206, 304, 500, 299) },
  ),
  response: fields({
    'cache-control': [8, list(directive, 4)],
    expires: [3, fc.constantFrom(at(60), at(5), at(-5), '0', '2099-01-01')],
    date: [4, fc.constantFrom(at(0), at(0), at(0), at(-55), at(30))],
    age: [2, fc.constantFrom('0', '3', '55', '55x')],
    etag: [5, fc.constant('"1"')],
    'last-modified': [3, fc.constantFrom(at(-1000), at(-20))],
    vary: [2, fc.constantFrom('Foo', '*', 'Bar')],
    'set-cookie': [1, fc.constant('a=1')],
  }),
  later: fields({
    foo: [5, fc.constantFrom('1', '1, 2', '2')],
    'cache-control': [3, list(wish, 2)],
    pragma: [1, fc.constant('no-cache')],
  }),
  method: fc.oneof(
    { weight: 8, arbitrary: fc.constant('GET' as const) },
    { weight: 1, arbitrary: fc.constantFrom('HEAD' as const, 'POST' as const) },
  ),
  wait: fc.constantFrom(0, 1, 5, 10, 30, 61, 100),
});

const cases = fc.sample(anyCase, { numRuns: 20_000, seed: 9111 });

describe('unstale and http-cache-semantics', () => {
  test('agree on 20,000 exchanges, but for differences that have a row', () => {
    const unexplained = cases.filter(
      (given) => unstale(given) !== semantics(given) && !differences.some(({ applies }) => applies(given)),
    );
    expect(unexplained.slice(0, 5)).toEqual([]);
  });

  test('agree on thousands in which no row applies, on some to use what is stored and on some not to', () => {
    const plain = cases.filter((given) => !differences.some(({ applies }) => applies(given)));
    const count = (verdict: Verdict) => plain.filter((given) => unstale(given) === verdict).length;
    expect(count('used')).toBeGreaterThan(200);
    expect(count('asked')).toBeGreaterThan(1500);
  });

  test.each(differences)('differ: $name: $why', ({ example, unstale: verdict, applies, name }) => {
    const given: Case = { ...PLAIN, ...example };
    expect([unstale(given), semantics(given)]).toEqual(verdict === 'used' ? ['used', 'asked'] : ['asked', 'used']);
    expect(applies(given)).toBe(true);
    expect(cases.some((other) => applies(other) && unstale(other) !== semantics(other))).toBe(true);
    expect(name).toMatch(/^\D/);
  });
});

test('neither uses what any form of private, no-store or no-cache forbids', () => {
  const wrong = cases.filter((given) => {
    const { private: own, noStore, noCache, mustUnderstand } = parseCacheControl(control(given));
    return unstale(given) === 'used' && (own === true || (noStore === true && !mustUnderstand) || noCache === true);
  });
  expect(wrong).toEqual([]);
});
