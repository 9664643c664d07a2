/** How an exchange was answered: layers note it, and the outermost middleware publishes it once. Without a subscriber nothing is noted. */
import { statusOf } from './errors.ts';
import {
  octetsOf,
  type Edit,
  type Exchange,
  type HttpResponse,
  type Layer,
  type Next,
  type Recovery,
} from './exchange.ts';
import { EXCHANGES, publish, type Events } from './metrics.ts';
import { slot } from './state.ts';

type Answered = Events['exchange'];
type Had = Answered['cache'];

/** What an adapter can say of an exchange of its framework. */
export interface Sight {
  /** The pattern of the route that has matched so far; never a path, for there is no end of those. */
  route(exchange: Exchange): string | undefined;
  /** The status of a response that the application sends by itself, past all layers. */
  sent?(exchange: Exchange): number;
  /** Who answers, where it is always the same. */
  readonly by?: 'front';
}

interface Observation {
  readonly start: number;
  /** A layer has answered, and the handler was not asked. */
  early: boolean;
  /** A layer has put another response in the place of the handler's. */
  replaced: boolean;
  /** The body that the handler gave, and the length that it announced. */
  given: HttpResponse['body'] | undefined;
  announced: number | undefined;
  cache: Had;
  /** A stored response is the answer. */
  stored: boolean;
  spared: number | undefined;
  saved: number | undefined;
  published: boolean;
}

const observations = slot<Observation>('observation');

/** The same layer; while somebody listens, the outermost one of an exchange publishes how that was answered. */
export function observed(layer: Layer, sight: Sight): Layer {
  return (exchange, next) => (EXCHANGES.hasSubscribers ? watched(layer, exchange, next, sight) : layer(exchange, next));
}

/** What a response cache had for an exchange. `spared`: octets that need not be made again; `saved`: milliseconds that the handler took for them. */
export function noteCache(exchange: Exchange, cache: Had, stored = false, spared?: number, saved?: number): void {
  const seen = EXCHANGES.hasSubscribers ? observations.get(exchange) : undefined;
  if (seen) Object.assign(seen, { cache, stored, spared, saved });
}

function opened(exchange: Exchange): Observation {
  const seen: Observation = {
    start: performance.now(),
    early: false,
    replaced: false,
    given: undefined,
    announced: undefined,
    cache: undefined,
    stored: false,
    spared: undefined,
    saved: undefined,
    published: false,
  };
  observations.set(exchange, seen);
  publish('exchange:start', exchange, { native: exchange.native });
  return seen;
}

function watched(layer: Layer, exchange: Exchange, next: Next, sight: Sight): Promise<HttpResponse> {
  const around = observations.get(exchange);
  const seen = around ?? opened(exchange);
  let went = false;
  let edits = false;
  let body: HttpResponse['body'] | undefined;

  function took(response: HttpResponse): HttpResponse {
    body = response.body;
    if (seen.given === undefined) {
      seen.given = body;
      seen.announced = announced(response);
    }
    return response;
  }

  function gave(response: HttpResponse): HttpResponse {
    if (!went) seen.early = true;
    else if (response.body !== body) seen.replaced = true;
    if (!around) conclude(exchange, seen, response.status, sight, response);
    return response;
  }

  function threw(error: unknown): never {
    if (!went) seen.early = true;
    const status = typeof error === 'symbol' ? sight.sent?.(exchange) : statusOf(error); // a symbol says that the application answers by itself
    if (!around && status !== undefined) conclude(exchange, seen, status, sight);
    throw error;
  }

  function made(make: () => HttpResponse | Promise<HttpResponse>): HttpResponse | Promise<HttpResponse> {
    try {
      const response = make();
      return response instanceof Promise ? response.then(gave, threw) : gave(response);
    } catch (error) {
      return threw(error);
    }
  }

  const onward: Next = (edit?: Edit, failed?: Recovery) => {
    went = true;
    if (!edit) {
      const taken = next().then(took);
      taken.catch(() => undefined); // a layer need not wait for it
      return taken;
    }
    edits = true; // what it makes is what the layer returns
    const edited: Edit = (response) => made(() => edit(took(response)));
    return failed ? next(edited, (error) => made(() => failed(error))) : next(edited);
  };

  try {
    return layer(exchange, onward).then((response) => (edits ? response : gave(response)), threw);
  } catch (error) {
    return threw(error);
  }
}

function conclude(
  exchange: Exchange,
  seen: Observation,
  status: number,
  sight: Sight,
  response?: Pick<HttpResponse, 'headers' | 'body'>,
): void {
  if (seen.published) return;
  seen.published = true;
  const { cache, saved, spared, given } = seen;
  const answeredBy = sight.by ?? answererOf(seen);
  const head = exchange.method === 'HEAD';
  const whole = given === undefined || head || seen.early ? undefined : (octetsOf(given) ?? seen.announced);
  const sent = response && (octetsOf(response.body) ?? announced(response) ?? (seen.replaced ? undefined : whole));
  publish('exchange', exchange, {
    route: sight.route(exchange),
    status,
    result: resultOf(status, seen, answeredBy),
    answeredBy,
    cache,
    bytes: head || status === 304 ? 0 : sent,
    bytesSaved: spared ?? (status === 304 ? whole : undefined),
    duration: performance.now() - seen.start,
    saved,
    policy: response?.headers.get('Cache-Control'),
    native: exchange.native,
  });
}

function answererOf({ stored, early, replaced }: Observation): Answered['answeredBy'] {
  if (stored || early) return stored ? 'cache' : 'before-handler';
  return replaced ? 'after-handler' : 'handler';
}

function resultOf(status: number, { cache, stored }: Observation, by: Answered['answeredBy']): Answered['result'] {
  if (status === 304) return 'not-modified';
  if (status === 412) return 'precondition-failed';
  if (status === 428) return 'precondition-required';
  if (status === 409 && by !== 'handler' && !stored) return 'conflict';
  if (status >= 500 && !stored) return 'error';
  return cache ?? 'passed';
}

function announced({ headers }: Pick<HttpResponse, 'headers'>): number | undefined {
  const length = headers.get('Content-Length');
  return length === undefined ? undefined : Number(length);
}
