/** A declared route, checked as it is written down, and made ready to answer. */
import { ConfigurationError } from '../errors.ts';
import { checkOptions } from '../options.ts';
import { settingsOf } from '../response-cache/cache-settings.ts';
import { finder } from '../response-cache/find.ts';
import { cachedRoute } from './cached-route.ts';
import type { FrontRoute, PreparedRoute } from './front-route.ts';
import { validatedRoute } from './validated-route.ts';

const OF_A_CACHE: readonly string[] = ['cache', 'fields'];
const OF_A_VERSION: readonly string[] = ['current', 'cacheControl', 'scope', 'early', 'acceptMangled', 'problem'];

export function prepareRoute(where: string, path: string, route: FrontRoute<never>): PreparedRoute {
  const validated = (route as Partial<typeof route> | null)?.current !== undefined; // it comes from outside
  checkOptions(where, route, validated ? [...OF_A_CACHE, ...OF_A_VERSION] : OF_A_CACHE);
  const settings = route.cache === undefined ? undefined : settingsOf(route.cache);
  const stored = settings && { settings, finder: finder(settings) };
  if (validated) return validatedRoute({ where, path }, route, stored);
  if (stored) return cachedRoute({ where, path }, route.fields ?? {}, stored);
  throw new ConfigurationError(where, 'current, cache, or both', route);
}
