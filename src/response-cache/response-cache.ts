/** The layer behind `cache(options)`: a shared cache in front of a handler (RFC 9111), which stores what the handler's Cache-Control lets it. */
import type { Exchange, HttpResponse, Layer, Next } from '../exchange.ts';
import { parseCacheControl } from '../http/cache-directives.ts';
import { isUnsafe } from '../http/methods.ts';
import { noteCache } from '../observed.ts';
import { onWrite } from '../writes.ts';
import type { CacheOptions } from './cache-options.ts';
import { settingsOf } from './cache-settings.ts';
import { cacheStatus, type Forwarding } from './cache-status.ts';
import { confirmed } from './confirmed.ts';
import { reasonOf, type Passage } from './fill.ts';
import { finder, isCurrent, type Found } from './find.ts';
import { gatewayTimeout, hit } from './hit.ts';
import { forwardHead } from './head.ts';
import type { Lookup } from './lookup.ts';
import { isUsable, misses, type Usable } from './miss.ts';
import { isDue } from './refresh.ts';
import { isOnlyIfCached } from './reuse.ts';
import { normalizeTarget } from './target.ts';
import { writeInvalidator } from './write-invalidation.ts';

/**
 * Answers GET and HEAD, and QUERY with `content`, from what is stored, and stores what may be; unsafe requests that succeed invalidate their target.
 * It stands inside of `cacheControl` and `conditional` or outside of them, and outside of `etag` and `guard`.
 */
export function cache<Native = never>(options: CacheOptions<Native> = {}): Layer {
  const settings = settingsOf(options);
  const { store, namespace, rules, query, cacheStatus: name } = settings;
  const finding = finder(settings);
  const invalidate = writeInvalidator(settings);
  const { miss, renew } = misses(settings, finding);
  onWrite(store, namespace, invalidate);

  return async (exchange, next) => {
    if (isUnsafe(exchange.method)) return write(exchange, next);
    const found = finding.find(exchange);
    return answered(exchange, next, found instanceof Promise ? await found : found);
  };

  function answered(exchange: Exchange, next: Next, found: Found): HttpResponse | Promise<HttpResponse> {
    if (found.kind === 'bypass')
      return forward(exchange, next, found.why === 'method' ? 'method' : 'bypass', found.why);
    const { key, host, lookup } = found;
    const conditions = exchange.preconditions;
    if (lookup.kind === 'fresh' && !wantsRenewal(exchange, lookup)) return answer({ exchange, conditions }, lookup);
    const passage: Passage = {
      exchange,
      next,
      key,
      host,
      fills: mayFill(exchange),
      conditions,
    };
    return decide(passage, lookup);
  }

  /** A request that must not be stored is answered like others, and makes nobody wait for it. */
  function mayFill(exchange: Exchange): boolean {
    const { target } = exchange;
    if (query.drop && normalizeTarget(target, { drop: query.drop }) !== target) return false;
    return parseCacheControl(exchange.header('cache-control') ?? '').noStore !== true;
  }

  function decide(passage: Passage, lookup: Lookup): HttpResponse | Promise<HttpResponse> {
    const { exchange } = passage;
    const isStale = lookup.kind === 'validate' || lookup.kind === 'stale';
    if (isStale && lookup.why !== 'request' && isCurrent(exchange, lookup.stored))
      return answer(passage, { kind: 'fresh', ...confirmed(settings, passage.key, lookup.stored, exchange) });
    if (isUsable(lookup)) {
      const meanwhile = (): HttpResponse => answer(passage, lookup);
      const isWanted = lookup.kind === 'fresh' || wantsRenewal(exchange, lookup); // a fresh one comes here for that alone
      return isWanted ? renew(passage, lookup, meanwhile) : meanwhile();
    }
    if (isOnlyIfCached(exchange, rules))
      return gatewayTimeout(exchange, name, { kind: 'forward', why: reasonOf(lookup), detail: 'only-if-cached' });
    if (exchange.method === 'HEAD') return forwardHead(settings, passage, lookup);
    if (exchange.header('range') !== undefined) return forward(exchange, passage.next, reasonOf(lookup), 'range');
    return miss(passage, lookup);
  }

  function wantsRenewal(exchange: Exchange, lookup: Usable): boolean {
    if (exchange.method === 'HEAD') return false;
    const renews = exchange.renews?.();
    if (renews !== undefined) return lookup.stored.responseTime <= renews;
    if (lookup.kind === 'stale') return lookup.why === 'stale-while-revalidate';
    return isDue(lookup.stored, lookup, settings, Math.random());
  }

  function answer(
    { exchange, conditions }: Pick<Passage, 'exchange' | 'conditions'>,
    { stored, age, ttl }: Usable,
  ): HttpResponse {
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
