/** The usual hit: a whole stored response, or 304 to the one tag that it has, by a head that was made before (RFC 9111 §4). */
import type { Exchange } from '../exchange.ts';
import { received } from '../adapters/node-sight.ts';
import { isJust, type EntityTag } from '../http/entity-tag.ts';
import type { CacheSettings } from '../response-cache/cache-settings.ts';
import type { Asked, Finder, Found } from '../response-cache/find.ts';
import { hit } from '../response-cache/hit.ts';
import type { Usable } from '../response-cache/miss.ts';
import { sendable } from '../response-cache/stored-answers.ts';
import { entityTagOf } from '../response-cache/validation.ts';
import type { Soon } from '../response-stores/response-store.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import { requestless, type FrontRequest } from './front-exchange.ts';
import { stagedFields } from './staged-fields.ts';

export interface Hit {
  readonly kind: 'hit';
  readonly status: 200 | 304;
  readonly head: string[];
  /** `undefined` where none is sent. */
  readonly body: Uint8Array | undefined;
  readonly stored: StoredResponse;
}

export type UsualHit =
  | Hit
  /** Something is asked of it that takes the layers: a part, a date, another tag. */
  | { readonly kind: 'unusual' }
  /** Nothing that is stored may be sent from here. */
  | { readonly kind: 'none' };

/** The heads of a stored response, for as long as its age, in whole seconds, is the same. */
interface Heads {
  readonly age: number;
  readonly ttl: number;
  readonly tag: EntityTag | undefined;
  readonly whole: string[];
  readonly notModified: string[];
}

const NOT_USUAL: readonly string[] = ['range', 'if-range', 'if-modified-since'];
const NOTHING_STAGED: Asked['staged'] = { get: () => undefined };
const UNUSUAL: UsualHit = { kind: 'unusual' };
const NONE: UsualHit = { kind: 'none' };

/** `declared` are the fields that the route declares for all its answers. */
export function usualHits(
  settings: CacheSettings,
  { find }: Finder,
  declared: readonly (readonly [name: string, value: string])[],
): (native: FrontRequest) => Soon<UsualHit> {
  const prepared = new WeakMap<StoredResponse, Heads>();

  return (native) => {
    const asked = askedOf(native);
    const found = find(asked);
    return found instanceof Promise
      ? found.then((known) => answer(native, asked, known))
      : answer(native, asked, found);
  };

  function answer({ headers }: FrontRequest, asked: Asked, found: Found): UsualHit {
    const usable = sendable(found, asked, settings);
    if (!usable) return NONE;
    const { stored } = usable;
    if (stored.status !== 200 || NOT_USUAL.some((name) => headers[name] !== undefined)) return UNUSUAL;
    const heads = headsOf(usable);
    const field = headers['if-none-match'];
    if (field === undefined) {
      const body = asked.method === 'HEAD' ? undefined : stored.body;
      return { kind: 'hit', status: 200, head: heads.whole, body, stored };
    }
    if (!heads.tag || !isJust(field, heads.tag)) return UNUSUAL;
    return { kind: 'hit', status: 304, head: heads.notModified, body: undefined, stored };
  }

  function headsOf(usable: Usable): Heads {
    const { stored } = usable;
    const [age, ttl] = [Math.floor(usable.age), Math.floor(usable.ttl)];
    const known = prepared.get(stored);
    if (known && known.age === age && known.ttl === ttl) return known;
    const tag = entityTagOf(stored);
    const field = stored.fields.find(([name]) => name === 'etag')?.[1];
    const heads = { age, ttl, tag, whole: headOf(usable, undefined), notModified: headOf(usable, field) };
    prepared.set(stored, heads);
    return heads;
  }

  /** As the layers would make it. */
  function headOf({ stored, age, ttl }: Usable, ifNoneMatch: string | undefined): string[] {
    const staged = stagedFields(declared);
    const exchange: Exchange = {
      ...requestless(staged),
      header: (name) => (name === 'if-none-match' ? ifNoneMatch : undefined),
    };
    const outcome = { kind: 'hit', ttl } as const;
    const response = hit(exchange, { stored, age, now: Date.now(), conditions: 'open', outcome }, settings.cacheStatus);
    if (response.status === 200) staged.set('Content-Length', String(stored.body.byteLength));
    return staged.flat();
  }
}

function askedOf(native: FrontRequest): Asked {
  return {
    method: native.method,
    target: native.url,
    preconditions: 'open',
    staged: NOTHING_STAGED,
    native,
    header: (name) => received(native, name),
  };
}
