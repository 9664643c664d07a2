/** A stale response whose tag is the current one, as a layer further out has just learnt: that is a validation, and the handler need not run. */
import type { Exchange } from '../exchange.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import type { CacheSettings } from './cache-settings.ts';
import { currentAge, freshnessLifetime } from './freshness.ts';
import { put } from './keep.ts';
import type { Ages } from './reuse.ts';
import { governingPolicy } from './target-list.ts';
import { update } from './update.ts';
import { keyedRequest } from './visible-fields.ts';

export function confirmed(
  { store, rules }: CacheSettings,
  key: string,
  stored: StoredResponse,
  exchange: Exchange,
): Ages & { readonly stored: StoredResponse } {
  const now = Date.now();
  const notModified = { status: 304, fields: [], requestTime: now, responseTime: now };
  const { kind, response } = update(stored, notModified, keyedRequest(exchange), rules);
  if (kind === 'updated') void keep(response);
  const age = currentAge(response, now);
  return {
    stored: response,
    age,
    ttl: freshnessLifetime(response, governingPolicy(response.fields, rules.targets), rules).seconds - age,
  };

  async function keep(renewed: StoredResponse): Promise<void> {
    await put(await store.fill(key, 0), renewed, rules);
  }
}
