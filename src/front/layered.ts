/** What the layers of a route answer, where they need not ask the listener. */
import type { Exchange, HttpResponse, Layer } from '../exchange.ts';
import { publish } from '../metrics.ts';
import { fieldsIn } from './declared-fields.ts';
import type { FrontRoute } from './front-route.ts';
import type { StagedFields } from './staged-fields.ts';

export type Ask = (exchange: Exchange, staged: StagedFields) => Promise<HttpResponse | undefined>;

/** Why they do not answer. */
const NOT_HERE: symbol = Symbol('not here');

export function layered(where: string, layer: Layer, fields: NonNullable<FrontRoute<never>['fields']>): Ask {
  return async (exchange, staged) => {
    try {
      const own = typeof fields === 'function' ? fields(exchange.native as never) : fields; // typed by the route
      for (const [name, value] of fieldsIn(where, own)) staged.set(name, value);
      return await layer(exchange, () => Promise.reject(NOT_HERE));
    } catch (error) {
      if (error !== NOT_HERE) publish('resolver:failed', exchange, { error });
      return undefined;
    }
  };
}
