/** Where the response to a request would be stored, and what of it may answer (RFC 9111 §4). */
import type { Exchange } from '../exchange.ts';
import { parseEntityTag, weakMatch } from '../http/entity-tag.ts';
import type { Kept, Soon } from '../response-stores/response-store.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import { cacheKey, type KeyParts } from './cache-key.ts';
import type { CacheSettings } from './cache-settings.ts';
import { eligible, type Eligibility } from './eligible.ts';
import { lookUpBy, type Lookup } from './lookup.ts';
import { contentParts } from './query-content.ts';
import { normalizeTarget } from './target.ts';
import { entityTagOf } from './validation.ts';

/** What of an exchange is looked at before its response. */
export type Asked = Pick<Exchange, 'method' | 'target' | 'origin' | 'header' | 'preconditions' | 'native'> & {
  readonly staged: Pick<Exchange['staged'], 'get'>;
};

export type Found =
  /** The cache has no part in it. */
  | { readonly kind: 'bypass'; readonly why: Bypass }
  | {
      readonly kind: 'found';
      readonly key: string;
      readonly host: string | undefined;
      readonly lookup: Lookup;
    };

/** Beside what makes a request ineligible: conditions that only the handler can answer (§4.3.2), and a scope of nobody in particular. */
export type Bypass = Extract<Eligibility, { kind: 'bypass' }>['why'] | 'precondition' | 'scope';

export interface Finder {
  find(asked: Asked): Soon<Found>;
  /** Asks the store once more. */
  again(asked: Asked, key: string): Soon<Lookup>;
  /** What one response is to a request that it was not made for. */
  judge(asked: Asked, response: StoredResponse): Lookup;
}

/** A key costs more than the rest of a hit: those of targets that were found are remembered, so many of such a length. */
const REMEMBERED = 1000;
const LONGEST = 500;

export function finder({
  store,
  namespace,
  rules,
  query,
  scope,
  host: hostOf,
  content: contentOf,
}: CacheSettings): Finder {
  const lookUp = lookUpBy(rules);
  const keys = new Map<string, string>();

  function find(asked: Asked): Soon<Found> {
    const eligibility = eligible(asked, rules);
    if (eligibility.kind === 'bypass') return eligibility;
    if (asked.preconditions === 'open' && asksOrigin(asked)) return { kind: 'bypass', why: 'precondition' };
    return asked.method === 'QUERY' ? queried(asked) : scoped(asked, undefined);
  }

  /** Content that nobody has read is not in the key. */
  async function queried(asked: Asked): Promise<Found> {
    const read: unknown = await contentOf?.(asked.native as never); // the framework's entry file typed it
    if (typeof read === 'string' || read instanceof Uint8Array) return scoped(asked, contentParts(asked, read));
    return { kind: 'bypass', why: 'content' };
  }

  function scoped(asked: Asked, content: KeyParts['content']): Soon<Found> {
    if (!scope) return within(asked, undefined, content);
    const who: Soon<Who> = scope(asked.native as never); // the framework's entry file typed it
    return who instanceof Promise ? who.then((known) => seenBy(asked, known, content)) : seenBy(asked, who, content);
  }

  /** Nobody in particular is not everybody. */
  function seenBy(asked: Asked, who: Who, content: KeyParts['content']): Soon<Found> {
    if (who === undefined || who === null || who === '') return { kind: 'bypass', why: 'scope' };
    return within(asked, String(who), content);
  }

  function within(asked: Asked, who: string | undefined, content: KeyParts['content']): Soon<Found> {
    const { method, target } = asked;
    const host = hostOf?.(asked.native as never); // the framework's entry file typed it
    const seen = [host, asked.origin].filter((each) => each !== undefined).join(' ') || undefined;
    const plain = who === undefined && seen === undefined && content === undefined;
    const known = plain ? keys.get(target) : undefined;
    const key =
      known ?? cacheKey({ namespace, scope: who, method, host: seen, target: normalizeTarget(target, query), content });
    const lookup = again(asked, key);
    if (lookup instanceof Promise) return lookup.then((kept) => ({ kind: 'found', key, host, lookup: kept }));
    if (lookup.kind === 'fresh' && plain) remember(target, key);
    return { kind: 'found', key, host, lookup };
  }

  function remember(target: string, key: string): void {
    if (target.length > LONGEST || keys.has(target)) return;
    if (keys.size >= REMEMBERED) keys.clear();
    keys.set(target, key);
  }

  function again(asked: Asked, key: string): Soon<Lookup> {
    const found = store.get(key, (kept) => judged(asked, [kept]).kind === 'fresh');
    return found instanceof Promise ? found.then((kept) => judged(asked, kept)) : judged(asked, found);
  }

  /** A layer further out that knows the current version has set its tag: what has another one is not current, though it be fresh. */
  function judged(asked: Asked, found: readonly Kept[]): Lookup {
    const lookup = lookUp(found, asked, Date.now());
    if (lookup.kind === 'none' || isCurrent(asked, lookup.stored) !== false) return lookup;
    return { kind: 'unusable', why: 'stale', age: lookup.age, ttl: Math.min(0, lookup.ttl), stored: lookup.stored };
  }

  return {
    find,
    again,
    judge: (asked, response) => judged(asked, [{ response, until: Number.POSITIVE_INFINITY }]),
  };
}

type Who = string | number | null | undefined;

/** `undefined` where nobody has said which tag is current, or it has none. */
export function isCurrent({ staged }: Pick<Asked, 'staged'>, stored: StoredResponse): boolean | undefined {
  const current = staged.get('ETag');
  if (current === undefined) return undefined;
  const [own, known] = [entityTagOf(stored), parseEntityTag(current)];
  return own && known && weakMatch(own, known);
}

function asksOrigin(asked: Asked): boolean {
  return asked.header('if-match') !== undefined || asked.header('if-unmodified-since') !== undefined;
}
