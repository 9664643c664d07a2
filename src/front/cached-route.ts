/** One route in front of a listener whose answers come from a store of responses. */
import { EXCHANGES, type Events } from '../metrics.ts';
import type { CacheSettings } from '../response-cache/cache-settings.ts';
import type { Finder } from '../response-cache/find.ts';
import { storedAnswers } from '../response-cache/stored-answers.ts';
import type { Soon } from '../response-stores/response-store.ts';
import { fieldsIn } from './declared-fields.ts';
import { frontExchange, send, tell, type Arrival } from './front-exchange.ts';
import type { FrontRoute, PreparedRoute } from './front-route.ts';
import { layered, type Place } from './layered.ts';
import { stagedFields } from './staged-fields.ts';
import { usualHits, type Hit, type UsualHit } from './usual-hits.ts';

/** What the route inside stores, and how it is found. */
export interface Stored {
  readonly settings: CacheSettings;
  readonly finder: Finder;
}

export function cachedRoute(
  place: Place,
  fields: NonNullable<FrontRoute<never>['fields']>,
  { settings, finder }: Stored,
): PreparedRoute {
  const ask = layered(place, storedAnswers(settings, finder), fields);
  const declared = typeof fields === 'function' ? undefined : fieldsIn(place.where, fields);
  const usual = declared && usualHits(settings, finder, declared);

  function settle(arrival: Arrival, found: UsualHit): Soon<boolean> {
    const { res } = arrival;
    if (found.kind === 'none') return false;
    if (res.headersSent) return true; // somebody has lost patience
    if (found.kind === 'unusual') return unusual(arrival);
    const { head, body, status } = found;
    res.writeHead(status, head).end(body);
    if (EXCHANGES.hasSubscribers) tell(arrival, head, { route: place.path, ...figures(found) });
    return true;
  }

  async function unusual(arrival: Arrival): Promise<boolean> {
    const staged = stagedFields();
    const response = await ask(frontExchange(staged, arrival), staged);
    if (response && !arrival.res.headersSent) send(arrival, response, staged);
    return response !== undefined || arrival.res.headersSent;
  }

  return {
    concerns: () => true,
    answer(arrival) {
      const found = usual?.(arrival.native);
      if (!found) return unusual(arrival);
      if (!(found instanceof Promise)) return settle(arrival, found);
      return found.then(
        (known) => settle(arrival, known),
        () => false, // `scope` failed, and says so again inside
      );
    },
  };
}

/** What the event of an exchange says of a hit. */
function figures({
  status,
  body,
  stored,
}: Hit): Pick<Events['exchange'], 'status' | 'result' | 'cache' | 'bytes' | 'bytesSaved' | 'saved'> {
  return {
    status,
    result: status === 304 ? 'not-modified' : 'hit',
    cache: 'hit',
    bytes: body?.byteLength ?? 0,
    bytesSaved: stored.body.byteLength,
    saved: stored.responseTime - stored.requestTime,
  };
}
