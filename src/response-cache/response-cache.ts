/** The layer behind `cache(options)`: a shared cache in front of a handler (RFC 9111), which stores what the handler's Cache-Control lets it. */
import type { Exchange, HttpResponse, Layer, Next } from '../exchange.ts';
import { parseCacheControl } from '../http/cache-directives.ts';
import { parseEntityTag, weakMatch } from '../http/entity-tag.ts';
import { isUnsafe } from '../http/methods.ts';
import { noteCache } from '../observed.ts';
import { onWrite } from '../writes.ts';
import type { Kept } from '../response-stores/response-store.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import { cacheKey } from './cache-key.ts';
import { settingsOf, type CacheOptions } from './cache-options.ts';
import { cacheStatus, type Forwarding } from './cache-status.ts';
import { eligible } from './eligible.ts';
import { reasonOf, type Passage } from './fill.ts';
import { gatewayTimeout, hit } from './hit.ts';
import { forwardHead } from './head.ts';
import { lookUpBy, type Lookup } from './lookup.ts';
import { isUsable, misses, type Usable } from './miss.ts';
import { isDue } from './refresh.ts';
import { isOnlyIfCached } from './reuse.ts';
import { normalizeTarget } from './target.ts';
import { confirmed } from './confirmed.ts';
import { entityTagOf } from './validation.ts';
import { writeInvalidator } from './write-invalidation.ts';

/**
 * Answers GET and HEAD from what is stored, and stores what may be; unsafe requests that succeed invalidate their target. It stands inside of
 * `cacheControl` and `conditional` or outside of them, and outside of `etag` and `guard`.
 */
export function cache<Native = never>(options: CacheOptions<Native> = {}): Layer {
  const settings = settingsOf(options);
  const { store, namespace, rules, query, scope, host: hostOf, cacheStatus: name } = settings;
  const lookUp = lookUpBy(rules);
  const invalidate = writeInvalidator(settings);
  const { miss, renew } = misses(settings, again, (passage, response) =>
    judged(passage, [{ response, until: Number.POSITIVE_INFINITY }]),
  );
  onWrite(store, namespace, invalidate);

  return (exchange, next) => {
    if (isUnsafe(exchange.method)) return write(exchange, next);
    const eligibility = eligible(exchange, rules);
    if (eligibility.kind === 'bypass')
      return forward(exchange, next, eligibility.why === 'method' ? 'method' : 'bypass', eligibility.why);
    if (exchange.preconditions === 'open' && asksOrigin(exchange))
      return forward(exchange, next, 'bypass', 'precondition');
    return scope ? scoped(exchange, next, scope) : start(exchange, next);
  };

  async function scoped(exchange: Exchange, next: Next, find: NonNullable<typeof scope>): Promise<HttpResponse> {
    const who: string | number | null | undefined = await find(exchange.native as never); // the framework's entry file typed it
    // Nobody in particular is not everybody.
    if (who === undefined || who === null || who === '') return forward(exchange, next, 'bypass', 'scope');
    return start(exchange, next, String(who));
  }

  async function start(exchange: Exchange, next: Next, who?: string): Promise<HttpResponse> {
    const { method, target } = exchange;
    const host = hostOf?.(exchange.native as never); // the framework's entry file typed it
    const seen = [host, exchange.origin].filter((each) => each !== undefined).join(' ') || undefined;
    const key = cacheKey({ namespace, scope: who, method, host: seen, target: normalizeTarget(target, query) });
    const fills = mayFill(exchange);
    const passage: Passage = { exchange, next, key, host, fills, conditions: exchange.preconditions };
    const found = store.get(key, (kept) => judged(passage, [kept]).kind === 'fresh');
    return decide(passage, judged(passage, found instanceof Promise ? await found : found));
  }

  /** A request that must not be stored is answered like others, and makes nobody wait for it. */
  function mayFill(exchange: Exchange): boolean {
    const { target } = exchange;
    if (query.drop && normalizeTarget(target, { drop: query.drop }) !== target) return false;
    return parseCacheControl(exchange.header('cache-control') ?? '').noStore !== true;
  }

  async function again(passage: Passage): Promise<Lookup> {
    return judged(passage, await store.get(passage.key, (kept) => judged(passage, [kept]).kind === 'fresh'));
  }

  /** A layer further out that knows the current version has set its tag: what has another one is not current, though it be fresh. */
  function judged({ exchange }: Passage, found: readonly Kept[]): Lookup {
    const lookup = lookUp(found, exchange, Date.now());
    if (lookup.kind === 'none' || isCurrent(exchange, lookup.stored) !== false) return lookup;
    return { kind: 'unusable', why: 'stale', age: lookup.age, ttl: Math.min(0, lookup.ttl), stored: lookup.stored };
  }

  function decide(passage: Passage, lookup: Lookup): HttpResponse | Promise<HttpResponse> {
    const { exchange } = passage;
    const isStale = lookup.kind === 'validate' || lookup.kind === 'stale';
    if (isStale && lookup.why !== 'request' && isCurrent(exchange, lookup.stored))
      return answer(passage, { kind: 'fresh', ...confirmed(settings, passage.key, lookup.stored, exchange) });
    if (isUsable(lookup)) {
      const meanwhile = (): HttpResponse => answer(passage, lookup);
      return wantsRenewal(exchange, lookup) ? renew(passage, lookup, meanwhile) : meanwhile();
    }
    if (isOnlyIfCached(exchange, rules))
      return gatewayTimeout(exchange, name, { kind: 'forward', why: reasonOf(lookup), detail: 'only-if-cached' });
    if (exchange.method === 'HEAD') return forwardHead(settings, passage, lookup);
    if (exchange.header('range') !== undefined) return forward(exchange, passage.next, reasonOf(lookup), 'range');
    return miss(passage, lookup);
  }

  function wantsRenewal({ method }: Exchange, lookup: Usable): boolean {
    if (method !== 'GET') return false;
    if (lookup.kind === 'stale') return lookup.why === 'stale-while-revalidate';
    return isDue(lookup.stored, lookup, settings, Math.random());
  }

  function answer({ exchange, conditions }: Passage, { stored, age, ttl }: Usable): HttpResponse {
    return hit(exchange, { stored, age, now: Date.now(), conditions, outcome: { kind: 'hit', ttl } }, name);
  }

  function write(exchange: Exchange, next: Next): Promise<HttpResponse> {
    return next((response) => {
      const purging = invalidate(exchange, response);
      return purging ? purging.then(() => response) : response;
    });
  }

  function forward(exchange: Exchange, next: Next, why: Forwarding, detail: string): Promise<HttpResponse> {
    noteCache(exchange, why === 'bypass' || why === 'method' ? 'bypass' : 'miss');
    return next((response) => {
      const { headers } = response;
      if (name !== undefined)
        headers.set('Cache-Status', cacheStatus(headers.get('Cache-Status'), name, { kind: 'forward', why, detail }));
      return response;
    });
  }
}

/** `undefined` where nobody has said which tag is current, or it has none. */
function isCurrent({ staged }: Exchange, stored: StoredResponse): boolean | undefined {
  const [own, current] = [entityTagOf(stored), parseEntityTag(staged.get('ETag') ?? '')];
  return own && current && weakMatch(own, current);
}

/** Conditions that only the handler can answer (RFC 9111 §4.3.2). */
function asksOrigin(exchange: Exchange): boolean {
  return exchange.header('if-match') !== undefined || exchange.header('if-unmodified-since') !== undefined;
}
