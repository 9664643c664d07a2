/** `unstale/prometheus`: the events of this package as metrics in a registry of prom-client 15. */
import { ConfigurationError } from './errors.ts';
import { listen, type Listeners } from './metrics.ts';
import { checkFunction, checkOptions } from './options.ts';
import { shared } from './state.ts';
import { instrumentsIn, type MetricsRegistry } from './telemetry/instruments.ts';
import { methodLabel, resultLabel, routeLabels } from './telemetry/labels.ts';
import { sizes } from './telemetry/sizes.ts';

export type { MetricsRegistry };

export interface PrometheusOptions {
  /** What every name begins with. Default `'unstale_'`. */
  readonly prefix?: string;
  /** So many routes have a label of their own, the first ones; all others are `other`. Default 500. */
  readonly maxRoutes?: number;
}

/** Who counts in a registry under a prefix: twice would be twice as many. */
interface Counting {
  users: number;
  stop(): void;
}

const WHERE = 'prometheusMetrics(registry, options)';
const counting = shared('prometheus', () => new WeakMap<object, Map<string, Counting>>());

/** Counts in the application's registry from now on, until the function that it gives is called. Called again, it counts nothing twice. */
export function prometheusMetrics(registry: MetricsRegistry, options: PrometheusOptions = {}): () => void {
  checkFunction(WHERE, 'registry.getSingleMetric', (Object(registry) as Partial<MetricsRegistry>).getSingleMetric);
  checkOptions(WHERE, options, ['prefix', 'maxRoutes']);
  const { prefix = 'unstale_', maxRoutes = 500 } = options;
  if (typeof prefix !== 'string' || !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(prefix))
    throw new ConfigurationError(WHERE, 'prefix to begin the name of a metric', prefix);
  if (!Number.isSafeInteger(maxRoutes) || maxRoutes < 0)
    throw new ConfigurationError(WHERE, 'maxRoutes to be a whole number', maxRoutes);
  const ofRegistry = counting.get(registry) ?? new Map<string, Counting>();
  counting.set(registry, ofRegistry);
  const known = ofRegistry.get(prefix);
  const running = known ?? { users: 0, stop: listen(listeners(registry, prefix, maxRoutes)) };
  ofRegistry.set(prefix, running);
  running.users++;
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    running.users--;
    if (running.users > 0) return;
    running.stop();
    ofRegistry.delete(prefix);
  };
}

function listeners(registry: MetricsRegistry, prefix: string, maxRoutes: number): Listeners {
  const to = instrumentsIn(registry, prefix);
  const routeLabel = routeLabels(maxRoutes);
  const held = sizes();
  return {
    exchange({ method, route: pattern, result, cache, bytesSaved = 0, saved = 0, duration }) {
      const route = routeLabel(pattern);
      to.requests.inc({ route, method: methodLabel(method), result: resultLabel(result) });
      if (cache) to.cacheRequests.inc({ route, result: cache });
      if (bytesSaved > 0) to.bytesSaved.inc({ route }, bytesSaved);
      if (saved > 0) to.secondsSaved.inc({ route }, saved / 1000);
      if (cache === 'miss') to.missDuration.observe({ route }, duration / 1000);
    },
    'store:call'({ store, operation, outcome, duration }) {
      if (outcome !== 'refused') to.storeDuration.observe({ store, operation }, duration / 1000);
    },
    'store:failed': ({ operation }) => to.storeFailures.inc({ operation }),
    'store:breaker': ({ store, calls, state }) => to.breakerState.set({ store, calls }, state === 'open' ? 1 : 0),
    'resolver:failed': () => to.resolverFailures.inc(),
    'guard:lease-lost'() {
      to.leaseLost.inc();
      to.outcomeUnknown.inc();
    },
    'guard:unfenced': () => to.unfencedWrites.inc(),
    'guard:burnt'({ reason }) {
      to.tagsBurnt.inc({ reason });
      if (reason === 'failed') to.outcomeUnknown.inc();
    },
    'responses:evicted': ({ store }) => to.evictions.inc({ store }),
    'responses:dropped': ({ store, reason }) => to.dropped.inc({ store, reason }),
    'responses:size'(said) {
      held.note(said);
      const { bytes, entries } = held.of(said.store);
      to.cacheBytes.set({ store: said.store }, bytes);
      to.cacheEntries.set({ store: said.store }, entries);
    },
  };
}
