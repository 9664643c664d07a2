/** What of the responses under a key answers a request, and how well. */
import type { Kept } from '../response-stores/response-store.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import type { CacheRequest, CacheRules } from './cache-rules.ts';
import { currentAge } from './freshness.ts';
import { reuse, type Reuse } from './reuse.ts';
import { selectVariant } from './variants.ts';

export type Lookup =
  | { readonly kind: 'none'; readonly why: 'uri-miss' | 'vary-miss'; readonly stored: undefined }
  | (Reuse & { readonly stored: StoredResponse });

/** How long a response stays fresh, as far as time alone decides: reading its fields for each hit would cost more than the hit. */
interface Fresh {
  readonly at: number;
  readonly age: number;
  readonly ttl: number;
}

export type LookUp = (found: readonly Kept[], request: CacheRequest, now: number) => Lookup;

export function lookUpBy(rules: CacheRules): LookUp {
  const known = new WeakMap<StoredResponse, Fresh>();
  const byTime = rules.honourRequest === 'nothing';

  return (found, request, now) => {
    const [only] = found;
    if (only && byTime && found.length === 1 && only.staleSince === undefined) {
      const fresh = stillFresh(known.get(only.response), now);
      if (fresh && only.response.varying.length === 0) return { kind: 'fresh', ...fresh, stored: only.response };
    }
    const responses = found.map((kept) => asPurged(kept, request, rules));
    const selection = selectVariant(responses, request, rules);
    if (selection.kind === 'none') return { kind: 'none', why: selection.why, stored: undefined };
    const { response } = selection;
    const verdict = reuse(response, request, now, rules);
    if (verdict.kind === 'fresh' && byTime) known.set(response, { at: now, age: verdict.age, ttl: verdict.ttl });
    return { ...verdict, stored: response };
  };
}

function stillFresh(known: Fresh | undefined, now: number): { readonly age: number; readonly ttl: number } | undefined {
  if (!known || now < known.at) return undefined;
  const passed = (now - known.at) / 1000;
  return known.ttl > passed ? { age: known.age + passed, ttl: known.ttl - passed } : undefined;
}

/** A response that a soft purge has met is as old as if its freshness had ended then. */
function asPurged({ response, staleSince }: Kept, request: CacheRequest, rules: CacheRules): StoredResponse {
  if (staleSince === undefined) return response;
  const { ttl } = reuse(response, request, staleSince, rules);
  if (ttl <= 0) return response;
  const age = currentAge(response, response.responseTime) + ttl;
  return { ...response, requestTime: response.responseTime - age * 1000 };
}
