/** One route in front of a listener whose answers come from a store of responses. */
import type { ServerResponse } from 'node:http';
import type { CacheSettings } from '../response-cache/cache-options.ts';
import type { Finder } from '../response-cache/find.ts';
import { storedAnswers } from '../response-cache/stored-answers.ts';
import type { Soon } from '../response-stores/response-store.ts';
import { fieldsIn } from './declared-fields.ts';
import { frontExchange, send, type FrontRequest } from './front-exchange.ts';
import type { FrontRoute, PreparedRoute } from './front-route.ts';
import { layered } from './layered.ts';
import { stagedFields } from './staged-fields.ts';
import { usualHits, type UsualHit } from './usual-hits.ts';

/** What the route inside stores, and how it is found. */
export interface Stored {
  readonly settings: CacheSettings;
  readonly finder: Finder;
}

export function cachedRoute(
  where: string,
  fields: NonNullable<FrontRoute<never>['fields']>,
  { settings, finder }: Stored,
): PreparedRoute {
  const ask = layered(where, storedAnswers(settings, finder), fields);
  const declared = typeof fields === 'function' ? undefined : fieldsIn(where, fields);
  const usual = declared && usualHits(settings, finder, declared);

  function settle(native: FrontRequest, res: ServerResponse, found: UsualHit): Soon<boolean> {
    if (found.kind === 'none') return false;
    if (res.headersSent) return true; // somebody has lost patience
    if (found.kind === 'unusual') return unusual(native, res);
    res.writeHead(found.status, found.head).end(found.body);
    return true;
  }

  async function unusual(native: FrontRequest, res: ServerResponse): Promise<boolean> {
    const staged = stagedFields();
    const response = await ask(frontExchange(staged, native, res), staged);
    if (response && !res.headersSent) send(native, res, response, staged);
    return response !== undefined || res.headersSent;
  }

  return {
    concerns: () => true,
    answer(native, res) {
      const found = usual?.(native);
      if (!found) return unusual(native, res);
      if (!(found instanceof Promise)) return settle(native, res, found);
      return found.then(
        (known) => settle(native, res, known),
        () => false, // `scope` failed, and says so again inside
      );
    },
  };
}
