/** Traffic for a dashboard, as a shop with an article catalogue may have it: an hour of it, the same each time. */
import type { Seen } from '../../src/dashboard/seen.ts';

export const PASSED: Seen = {
  method: 'GET',
  route: '/articles/:id',
  status: 200,
  result: 'passed',
  answeredBy: 'handler',
  cache: undefined,
  bytes: 1000,
  bytesSaved: undefined,
  duration: 12,
  saved: undefined,
  policy: 'public, max-age=60',
};

type Kind = Partial<Seen> & { readonly weight: number };

const HIT: Kind = {
  weight: 60,
  result: 'hit',
  answeredBy: 'cache',
  cache: 'hit',
  bytesSaved: 4200,
  bytes: 4200,
  saved: 38,
  duration: 0.4,
};
const STALE: Kind = { ...HIT, weight: 4, result: 'stale', cache: 'stale' };
const MISS: Kind = { weight: 9, result: 'miss', cache: 'miss', duration: 38, bytes: 4200 };
const KNOWN: Kind = {
  weight: 45,
  result: 'not-modified',
  status: 304,
  answeredBy: 'before-handler',
  bytes: 0,
  bytesSaved: 1800,
  duration: 1.1,
};
const LATER: Kind = { ...KNOWN, weight: 20, answeredBy: 'after-handler', duration: 9 };
const MADE: Kind = { weight: 30, duration: 14 };
const STALE_WRITE: Kind = {
  weight: 7,
  result: 'precondition-failed',
  status: 412,
  answeredBy: 'before-handler',
  bytes: 210,
  duration: 2,
};
const BLIND_WRITE: Kind = {
  weight: 2,
  result: 'precondition-required',
  status: 428,
  answeredBy: 'before-handler',
  bytes: 180,
  duration: 0.3,
};
const FAILED: Kind = { weight: 0.4, result: 'error', status: 500, bytes: 120 };

interface Shop {
  readonly method: string;
  readonly route: string;
  readonly policy: string | undefined;
  readonly perMinute: number;
  readonly kinds: readonly Kind[];
}

const SHOP: readonly Shop[] = [
  {
    method: 'GET',
    route: '/articles/:id',
    policy: 'public, max-age=60, stale-while-revalidate=300',
    perMinute: 90,
    kinds: [HIT, STALE, MISS, { ...KNOWN, answeredBy: 'cache', cache: 'hit', weight: 30 }],
  },
  {
    method: 'GET',
    route: '/articles',
    policy: 'public, max-age=15',
    perMinute: 40,
    kinds: [HIT, { ...MISS, weight: 30, duration: 61 }, FAILED],
  },
  { method: 'GET', route: '/articles/:id/prices', policy: 'private, no-cache', perMinute: 64, kinds: [KNOWN, MADE] },
  {
    method: 'GET',
    route: '/me/basket',
    policy: 'private, no-cache',
    perMinute: 36,
    kinds: [LATER, { ...MADE, duration: 7 }],
  },
  {
    method: 'PUT',
    route: '/articles/:id',
    policy: 'no-store',
    perMinute: 6,
    kinds: [{ ...MADE, duration: 24, weight: 40 }, STALE_WRITE, BLIND_WRITE],
  },
  {
    method: 'PATCH',
    route: '/me/basket',
    policy: undefined,
    perMinute: 9,
    kinds: [{ ...MADE, duration: 11, weight: 160 }, STALE_WRITE],
  },
  {
    method: 'POST',
    route: '/orders',
    policy: 'no-store',
    perMinute: 3,
    kinds: [
      { ...MADE, duration: 88, status: 201 },
      { ...FAILED, weight: 1 },
    ],
  },
  {
    method: 'GET',
    route: '/orders/:id',
    policy: 'private, max-age=0',
    perMinute: 7,
    kinds: [
      { ...KNOWN, weight: 12 },
      { ...MADE, duration: 33 },
    ],
  },
  {
    method: 'GET',
    route: '/search',
    policy: 'public, max-age=5',
    perMinute: 22,
    kinds: [
      { ...MISS, duration: 140, weight: 50 },
      { ...HIT, weight: 24 },
      { ...FAILED, weight: 1 },
    ],
  },
  {
    method: 'DELETE',
    route: '/me/basket/:line',
    policy: undefined,
    perMinute: 1,
    kinds: [{ ...MADE, duration: 9, status: 204 }],
  },
];

/** Numbers from 0 to 1 that are the same in each run. */
function dice(): () => number {
  let state = 42;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** An hour up to `end`; `at` sets the clock of whoever sees it. */
export function hourOfTraffic(see: (seen: Seen) => void, at: (now: number) => void, end: number): void {
  const throwDice = dice();
  for (let minute = 59; minute >= 0; minute--) {
    at(end - minute * 60_000);
    const swell = 0.65 + 0.35 * Math.sin((59 - minute) / 9) + (minute < 22 && minute > 17 ? 0.9 : 0);
    for (const { method, route, policy, perMinute, kinds } of SHOP) {
      const requests = Math.round(perMinute * swell * (0.8 + 0.4 * throwDice()));
      for (let i = 0; i < requests; i++) see(seenBy({ method, route, policy }, kinds, throwDice));
    }
  }
}

function seenBy(of: Pick<Seen, 'method' | 'route' | 'policy'>, kinds: readonly Kind[], throwDice: () => number): Seen {
  let point = throwDice() * kinds.reduce((sum, { weight }) => sum + weight, 0);
  const { weight: _weight, ...kind } = kinds.find((one) => (point -= one.weight) <= 0) ?? MADE;
  const seen = { ...PASSED, ...of, ...kind };
  return { ...seen, duration: seen.duration * (0.5 + 1.4 * throwDice() ** 3) };
}
