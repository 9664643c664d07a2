/** A request that is not answered from what is stored: who runs the handler, and who waits for whom, in this process and in all of them. */
import type { HttpResponse } from '../exchange.ts';
import type { Fill } from '../response-stores/response-store.ts';
import { variantOf } from '../response-stores/variant.ts';
import { renewingBehind } from './behind.ts';
import { bulkhead } from './bulkhead.ts';
import type { CacheSettings } from './cache-settings.ts';
import { handlerRunner, reasonOf, type Passage } from './fill.ts';
import type { Finder } from './find.ts';
import { alone, hit } from './hit.ts';
import type { Lookup } from './lookup.ts';
import { ALONE, loners, singleFlight, type Landed } from './single-flight.ts';
import { turnOf } from './turn.ts';
import { varyingOf } from './variants.ts';

export interface Misses {
  /** Nothing that is stored may be used as it is. */
  miss(passage: Passage, lookup: Lookup): Promise<HttpResponse>;
  /** What is stored may be used: one request of all processes is run once more, or waits, for the handler; `meanwhile` is for all the others. */
  renew(passage: Passage, lookup: Usable, meanwhile: () => HttpResponse): Promise<HttpResponse>;
}

export type Usable = Extract<Lookup, { kind: 'fresh' | 'stale' }>;

/** How often a request that Vary keeps from a response waits for the next one. */
const MOST_WAITS = 3;
const LONER = 10_000;

export function misses(settings: CacheSettings, { again, judge }: Finder): Misses {
  const { store, rules, cacheStatus: name, lease, wait } = settings;
  const run = handlerRunner(settings);
  const flights = singleFlight();
  const lonely = loners(LONER);
  const gate = bulkhead(settings.maxFills);
  const renewBehind = renewingBehind(lease);

  async function miss(passage: Passage, lookup: Lookup): Promise<HttpResponse> {
    const { exchange, key } = passage;
    let id = key;
    for (let waits = 0; waits < MOST_WAITS && !lonely.has(key); waits++) {
      const flight = flights.of(id);
      if (!flight) {
        if (passage.fills) return lead(passage, lookup, id);
        break;
      }
      const landed = await flight.landed(wait);
      if (landed?.kind !== 'shared') break;
      const found = judge(exchange, landed.response);
      if (isUsable(found)) return collapsed(passage, found, lookup);
      if (found.kind !== 'none') break;
      const varying = varyingOf(landed.response.fields, exchange, rules);
      if (varying === '*') break;
      id = `${key} ${variantOf({ varying })}`;
    }
    return (await runWith(passage, await store.fill(key, 0), lookup)).response;
  }

  /** The first of this process: it leads all of them, or waits for the one that does. */
  async function lead(passage: Passage, lookup: Lookup, id: string): Promise<HttpResponse> {
    const { exchange, key } = passage;
    const flight = flights.start(id, wait + lease); // its turn may come late
    let landed: Landed | Promise<Landed> = ALONE;
    try {
      const { fill, found } = await turnOf(store, key, settings, () => again(exchange, key), isUsable);
      if (isUsable(found)) {
        fill.end();
        landed = { kind: 'shared', response: found.stored };
        return collapsed(passage, found, lookup);
      }
      const made = await runWith(passage, fill, lookup);
      landed = made.landed;
      return made.response;
    } finally {
      if (landed instanceof Promise) void landed.then(flight.land);
      else flight.land(landed);
    }
  }

  async function renew(passage: Passage, lookup: Usable, meanwhile: () => HttpResponse): Promise<HttpResponse> {
    const { exchange, key, fills } = passage;
    if (!fills || flights.of(key) || renewBehind(exchange, key, lookup.stored)) return meanwhile();
    const fill = await store.fill(key, lease);
    if (!fill.leads || fill.away) return meanwhile();
    const found = await again(passage.exchange, passage.key);
    if (found.kind === 'fresh' && found.stored.responseTime > lookup.stored.responseTime) {
      fill.end(); // somebody else was faster
      return collapsed(passage, found, lookup);
    }
    return (await runWith(passage, fill, lookup)).response;
  }

  /** While the store is away nobody leads: so many handlers at once must do. */
  async function runWith(
    passage: Passage,
    fill: Fill,
    lookup: Lookup,
  ): Promise<{ response: HttpResponse; landed: Landed | Promise<Landed> }> {
    if (!fill.away) return remembered(passage, fill, lookup);
    if (!(await gate.enter(wait))) {
      passage.exchange.staged.set('Retry-After', '1');
      const response = alone(passage.exchange, 503, name, { kind: 'forward', why: reasonOf(lookup) });
      return { response, landed: ALONE };
    }
    try {
      return await remembered(passage, fill, lookup);
    } finally {
      gate.leave();
    }
  }

  async function remembered(
    passage: Passage,
    fill: Fill,
    lookup: Lookup,
  ): Promise<{ response: HttpResponse; landed: Landed | Promise<Landed> }> {
    const made = await run(passage, fill, lookup);
    if (made.kind === 'of-one') lonely.add(passage.key);
    else if (made.kind === 'of-all') lonely.delete(passage.key);
    return made;
  }

  function collapsed(passage: Passage, { stored, age }: Usable, asked: Lookup): HttpResponse {
    const { exchange, conditions } = passage;
    const outcome = { kind: 'forward', why: reasonOf(asked), collapsed: true } as const;
    return hit(exchange, { stored, age, now: Date.now(), conditions, outcome }, name);
  }

  return { miss, renew };
}

export function isUsable(lookup: Lookup): lookup is Usable {
  return lookup.kind === 'fresh' || lookup.kind === 'stale';
}
