/** What the layers of a route answer, where they need not ask the listener. */
import type { Exchange, HttpResponse, Layer } from '../exchange.ts';
import { publish } from '../metrics.ts';
import { observed } from '../observed.ts';
import { fieldsIn } from './declared-fields.ts';
import type { FrontRoute } from './front-route.ts';
import type { StagedFields } from './staged-fields.ts';

export type Ask = (exchange: Exchange, staged: StagedFields) => Promise<HttpResponse | undefined>;

/** Why they do not answer. */
const NOT_HERE: symbol = Symbol('not here');

/** `where` is said in errors, `path` is the template. */
export interface Place {
  readonly where: string;
  readonly path: string;
}

export function layered({ where, path }: Place, mounted: Layer, fields: NonNullable<FrontRoute<never>['fields']>): Ask {
  const layer = observed(mounted, { route: () => path, by: 'front' });
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
