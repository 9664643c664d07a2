import { describe, expect, test } from '@jest/globals';
import type { Figures, Notice, Span } from '../../src/dashboard/figures.ts';
import { ledger, type Ledger } from '../../src/dashboard/ledger.ts';
import { MOST_ROUTES } from '../../src/dashboard/routes.ts';
import type { Seen } from '../../src/dashboard/seen.ts';
import { PASSED } from './traffic.ts';

const START = Date.UTC(2026, 10, 21, 12, 0, 30);
const MINUTE = 60_000;

interface Book extends Ledger {
  /** So many minutes later. */
  later(minutes: number): void;
  see(...seen: readonly Partial<Seen>[]): void;
}

function book(others?: () => readonly Notice[]): Book {
  let now = START;
  const made = ledger('a', () => now, others);
  return {
    ...made,
    later: (minutes) => void (now += minutes * MINUTE),
    see: (...seen) => seen.forEach((one) => made.exchange({ ...PASSED, ...one })),
  };
}

/** The figures of the only route. */
function route(figures: Figures): Figures['routes'][number] {
  expect(figures.routes).toHaveLength(1);
  return figures.routes[0] as Figures['routes'][number]; // there is one
}

const HIT = { result: 'hit', answeredBy: 'cache', cache: 'hit', bytesSaved: 500, saved: 40 } as const;
const KNOWN = { result: 'not-modified', status: 304, answeredBy: 'before-handler', bytes: 0, bytesSaved: 900 } as const;

describe('ratios', () => {
  test('there are none without requests', () => {
    const { total, routes, others, stores, notices } = book().figures('1h');
    expect({ routes, others, stores, notices }).toEqual({ routes: [], others: null, stores: [], notices: [] });
    expect(total).toMatchObject({
      requests: 0,
      results: {},
      hitRatio: null,
      notModifiedRatio: null,
      sparedRatio: null,
    });
    expect(total).toMatchObject({ refusedRatio: null, p50: null, p95: null, bytes: 0, bytesSaved: 0, timeSaved: 0 });
  });

  test('hits are counted of the requests for which a cache looked, and not of others', () => {
    const { figures, see } = book();
    see(HIT, { ...HIT, result: 'stale', cache: 'stale' }, { result: 'miss', cache: 'miss' });
    see({ result: 'bypass', cache: 'bypass' }, {});
    expect(route(figures('1h')).hitRatio).toBe(0.6667);
  });

  test('a 304 out of a stored response is a hit, and a 304 (RFC 9111 §4.3.2)', () => {
    const { figures, see } = book();
    see({ ...KNOWN, answeredBy: 'cache', cache: 'hit' }, { result: 'miss', cache: 'miss' });
    expect(route(figures('1h'))).toMatchObject({ hitRatio: 0.5, notModifiedRatio: 0.5, sparedRatio: 0.5 });
  });

  test('304s are counted of the answers to reads', () => {
    const { figures, see } = book();
    see(KNOWN, { ...KNOWN, method: 'HEAD' }, {}, {}, { method: 'PUT' }, { method: 'OPTIONS' });
    expect(figures('1h').total.notModifiedRatio).toBe(0.5);
  });

  test('412, 428 and 409 are counted of the answers to writes; a 412 to a read is no refused write', () => {
    const { figures, see } = book();
    const refused = { status: 412, result: 'precondition-failed', answeredBy: 'before-handler' } as const;
    see({ method: 'PUT', ...refused }, { method: 'PATCH', ...refused, result: 'precondition-required', status: 428 });
    see({ method: 'DELETE', ...refused, result: 'conflict', status: 409 }, { method: 'POST' }, refused, {});
    const { total } = figures('1h');
    expect(total.refusedRatio).toBe(0.75);
    expect(total.results).toEqual({
      passed: 2,
      'precondition-failed': 2,
      'precondition-required': 1,
      conflict: 1,
    });
  });

  test.each([
    ['front', 1],
    ['before-handler', 1],
    ['cache', 1],
    ['after-handler', 0],
    ['handler', 0],
  ] as const)('an answer by %s spares the handler: %d', (answeredBy, spared) => {
    const { figures, see } = book();
    see({ ...KNOWN, answeredBy });
    expect(route(figures('1h')).sparedRatio).toBe(spared);
  });
});

describe('sums', () => {
  test('bytes and time are added up as far as they are known', () => {
    const { figures, see } = book();
    see(HIT, HIT, KNOWN, {}, { bytes: undefined });
    see({ bytes: Number.NaN, bytesSaved: -4, saved: Infinity });
    expect(route(figures('1h'))).toMatchObject({ bytes: 3000, bytesSaved: 1900, timeSaved: 80 });
  });

  test('times are those of answers that a handler made, but for errors', () => {
    const { figures, see } = book();
    see({ duration: 100 }, { duration: 100, answeredBy: 'after-handler', result: 'not-modified' });
    see({ ...HIT, duration: 1 }, { ...KNOWN, duration: 1 }, { result: 'error', status: 500, duration: 9000 });
    const { p50, p95 } = route(figures('1h'));
    for (const time of [p50, p95]) expect(Math.abs((time ?? 0) / 100 - 1)).toBeLessThan(0.0906);
  });
});

describe('spans', () => {
  const spans: Span[] = ['5m', '15m', '1h', 'all'];
  const requests = ({ figures }: Book): number[] => spans.map((span) => figures(span).total.requests);

  test('figures reach back five minutes, fifteen, an hour, or to the start', () => {
    const made = book();
    made.see({});
    expect(requests(made)).toEqual([1, 1, 1, 1]);
    made.later(4);
    expect(requests(made)).toEqual([1, 1, 1, 1]);
    made.later(1);
    expect(requests(made)).toEqual([0, 1, 1, 1]);
    made.later(10);
    expect(requests(made)).toEqual([0, 0, 1, 1]);
    made.later(45);
    expect(requests(made)).toEqual([0, 0, 0, 1]);
  });

  test('a minute that is an hour old makes room for the new one', () => {
    const made = book();
    for (let minute = 0; minute < 61; minute++) {
      made.see({}, HIT);
      made.later(1);
    }
    made.later(-1);
    const { total } = made.figures('1h');
    expect(total.requests).toBe(120);
    expect(total.recent).toEqual({
      requests: Array.from({ length: 60 }, () => 2),
      spared: Array.from({ length: 60 }, () => 1),
    });
    expect(made.figures('all').total.requests).toBe(122);
  });

  test('the last column of the hour is the minute of now', () => {
    const made = book();
    made.see(HIT, {});
    made.later(2);
    made.see({});
    expect(route(made.figures('5m')).recent.requests.slice(-4)).toEqual([0, 2, 0, 1]);
    expect(route(made.figures('5m')).recent.spared.slice(-4)).toEqual([0, 1, 0, 0]);
  });
});

describe('routes', () => {
  test('are told apart by method and pattern, the busiest first', () => {
    const { figures, see } = book();
    see({ route: '/a' }, { route: '/b' }, { route: '/b' }, { method: 'PUT', route: '/b' }, { route: undefined });
    expect(figures('1h').routes.map(({ method, route: pattern }) => [method, pattern])).toEqual([
      ['GET', '/b'],
      ['GET', '/a'],
      ['PUT', '/b'],
      ['GET', null],
    ]);
  });

  test('HEAD is a read of the same route (RFC 9110 §9.3.2)', () => {
    const { figures, see } = book();
    see({}, { method: 'HEAD' });
    expect(route(figures('1h'))).toMatchObject({ method: 'GET', requests: 2 });
  });

  test('methods that a client has made up are one', () => {
    const { figures, see } = book();
    for (let i = 0; i < 1000; i++) see({ method: `X${i}` });
    expect(route(figures('1h'))).toMatchObject({ method: 'other', requests: 1000 });
  });

  test(`those after the first ${MOST_ROUTES} are counted together`, () => {
    const { figures, see } = book();
    for (let i = 0; i < MOST_ROUTES + 300; i++) see({ route: `/generated/${i}` }, { route: '/generated/0' });
    const { routes, others, total } = figures('1h');
    expect(routes).toHaveLength(MOST_ROUTES);
    expect(routes[0]).toMatchObject({ route: '/generated/0', requests: 1 + MOST_ROUTES + 300 });
    expect(others?.requests).toBe(300);
    expect(total.requests).toBe(2 * (MOST_ROUTES + 300));
  });

  test('the policy is the one of the last answer that was no error', () => {
    const { figures, see } = book();
    see({ policy: 'max-age=1' }, { policy: 'max-age=2', ...KNOWN }, { policy: 'no-store', status: 412 });
    see({ policy: undefined });
    expect(route(figures('1h')).policy).toBe('max-age=2');
  });

  test('long patterns and policies are cut', () => {
    const { figures, see } = book();
    see({ route: '/x'.repeat(5000), policy: 'y'.repeat(5000) });
    const { route: pattern, policy } = route(figures('1h'));
    expect([pattern?.length, policy?.length]).toEqual([200, 200]);
  });
});

test('an hour of traffic on as many routes as there may be takes less than 6 MB', () => {
  const made = book();
  const fill = (): void => {
    for (let i = 0; i < MOST_ROUTES; i++) made.see({ route: `/generated/${i}` });
    for (let i = 0; i < MOST_ROUTES; i++) made.see({ route: `/too-many/${Math.random()}` });
    made.later(1);
  };
  const before = process.memoryUsage();
  fill();
  for (let minute = 1; minute < 180; minute++) fill();
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(6e6);
  expect(made.figures('1h').others?.requests).toBe(59 * MOST_ROUTES);
});

describe('stores', () => {
  const CALL = { store: 'redis', operation: 'read', outcome: 'answered', duration: 2 } as const;

  test('calls and their times', () => {
    const { figures, store } = book();
    store('call', CALL);
    store('call', { ...CALL, outcome: 'refused', duration: 0 });
    const [redis] = figures('1h').stores;
    expect(redis).toMatchObject({ name: 'redis', state: 'answering', calls: 2, failures: 0, refused: 1 });
    expect(Math.abs((redis?.p50 ?? 0) / 2 - 1)).toBeLessThan(0.0906);
  });

  test('one that failed is failing for a minute', () => {
    const { figures, store, later } = book();
    store('call', { ...CALL, outcome: 'failed', duration: 60 });
    expect(figures('1h').stores).toMatchObject([
      { state: 'failing', failures: 1, lastFailure: { at: START, operation: 'read' } },
    ]);
    later(1);
    expect(figures('1h').stores).toMatchObject([{ state: 'answering', failures: 1 }]);
  });

  test('one is away until the last of its breakers has closed', () => {
    const { figures, store } = book();
    const states: unknown[] = [];
    for (const [calls, state] of [
      ['reads', 'open'],
      ['writes', 'open'],
      ['reads', 'closed'],
      ['writes', 'closed'],
    ] as const) {
      store('breaker', { store: 'redis', calls, state });
      states.push(figures('1h').stores[0]?.state);
    }
    expect(states).toEqual(['away', 'away', 'away', 'answering']);
  });

  test('what stores in memory hold is added up', () => {
    const { figures, store } = book();
    store('size', { store: 'memory', number: 1, bytes: 10, entries: 1 });
    store('size', { store: 'memory', number: 2, bytes: 500, entries: 7 });
    store('size', { store: 'memory', number: 1, bytes: 30, entries: 2 });
    store('evicted', { store: 'memory' });
    expect(figures('1h').stores).toMatchObject([{ name: 'memory', bytes: 530, entries: 9, evicted: 1, p50: null }]);
  });

  test('the bus is one that is away while its messages do not arrive', () => {
    const { figures, store } = book();
    store('bus', { state: 'lost' });
    expect(figures('1h').stores).toMatchObject([{ name: 'invalidation bus', state: 'away', failures: 1 }]);
    store('bus', { state: 'live' });
    expect(figures('1h').stores).toMatchObject([{ state: 'failing' }]);
  });

  test('names that nobody has foreseen are bounded', () => {
    const { figures, store } = book();
    for (let i = 0; i < 1000; i++) {
      store('call', { ...CALL, store: `redis-${i}` });
      store('size', { store: 'memory', number: i, bytes: 1, entries: 1 });
    }
    expect(figures('1h').stores).toHaveLength(20);
  });
});

describe('notices', () => {
  test('are counted by their codes, the latest first', () => {
    const { figures, notice, later } = book(() => [{ code: 'ERR', count: 3, at: START + 1, detail: null }]);
    notice('guard:burnt-failed');
    notice('guard:burnt-failed');
    later(1);
    notice('guard:lease-lost');
    expect(figures('1h').notices).toEqual([
      { code: 'guard:lease-lost', count: 1, at: START + MINUTE, detail: null },
      { code: 'ERR', count: 3, at: START + 1, detail: null },
      { code: 'guard:burnt-failed', count: 2, at: START, detail: null },
    ]);
  });

  test.each([
    ['its code', Object.assign(new Error('key user:7'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['its name', new TypeError('key user:7'), 'TypeError'],
    ['what caused it', new Error('x', { cause: Object.assign(new Error('y'), { code: 'EPIPE' }) }), 'EPIPE'],
    ['nothing that is no name', Object.assign(new Error('x'), { code: '<b>', name: 'GET user:7' }), 'unknown'],
    ['nothing of what is no error', 'user:7', 'unknown'],
  ])('of an error, %s is kept, and not its message', (_, error, detail) => {
    const { figures, notice } = book();
    notice('store:failed', error);
    expect(figures('1h').notices[0]?.detail).toBe(detail);
    expect(JSON.stringify(figures('1h'))).not.toMatch(/user:7/);
  });
});

describe('the revision', () => {
  test('is the same while nothing happens, and another one for each span', () => {
    const { revision } = book();
    expect(revision('1h')).toBe(revision('1h'));
    expect(revision('1h')).not.toBe(revision('5m'));
  });

  test.each<[string, (made: Book) => void]>([
    ['a request', ({ see }) => see({})],
    ['a notice', ({ notice }) => notice('guard:lease-lost')],
    ['an event of a store', ({ store }) => store('bus', { state: 'live' })],
    ['a minute', ({ later }) => later(1)],
  ])('is another one after %s', (_, act) => {
    const made = book();
    const before = made.revision('1h');
    act(made);
    expect(made.revision('1h')).not.toBe(before);
  });

  test('tells processes apart', () => {
    const [a, b] = ['a', 'b'].map((name) => ledger(name, () => START).revision('1h'));
    expect(a).not.toBe(b);
  });
});
