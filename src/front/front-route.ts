/** What a route in front of a listener is told, and what it is then able to do. */
import type { IncomingHttpHeaders } from 'node:http';
import type { ConditionalOptions } from '../conditional/conditional.ts';
import type { Current } from '../conditional/selection.ts';
import type { PolicySource } from '../policy/cache-control.ts';
import type { CacheOptions } from '../response-cache/cache-options.ts';
import type { Soon } from '../response-stores/response-store.ts';
import type { Fields } from './declared-fields.ts';
import type { Arrival, FrontRequest } from './front-exchange.ts';
import type { ParamsOf } from './templates.ts';

/** `current`, `cache`, or both: then a stored response is sent only while it has the tag that `current` gives. */
export interface FrontRoute<Path extends string = string> extends ConditionalOptions<FrontRequest<ParamsOf<Path>>> {
  /** The same function as on the route inside, which then does not ask it again. */
  readonly current?: Current<FrontRequest<ParamsOf<Path>>>;
  /** The same policy as on the route inside; beside `current`, for a stored response has its own. */
  readonly cacheControl?: PolicySource<FrontRequest<ParamsOf<Path>>>;
  /** The same options as for `cache` on the route inside, which stores what is sent from here. */
  readonly cache?: Omit<CacheOptions<FrontRequest<ParamsOf<Path>>>, 'content'> & Pick<CacheOptions, 'content'>;
  /** What the application's other middlewares would set on the answer: CORS and security fields. */
  readonly fields?: Fields | ((request: FrontRequest<ParamsOf<Path>>) => Fields);
}

export interface PreparedRoute {
  /** Whether the request may be answered here. */
  concerns(headers: IncomingHttpHeaders): boolean;
  /** Answers the request if it may be answered here; false says that it is the listener's. */
  answer(arrival: Arrival): Soon<boolean>;
}
