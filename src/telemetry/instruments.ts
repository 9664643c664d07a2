/** The figures of `unstale/prometheus`: their names, what they say and what they are counted by. */
import { Counter, Gauge, Histogram } from 'prom-client';
import { ConfigurationError } from '../errors.ts';

/** A `Registry` of prom-client, by what is used of it: an application may have another copy of that package than this one finds. */
export interface MetricsRegistry {
  getSingleMetric(name: string): object | undefined;
  registerMetric(metric: never): void;
}

export interface Instruments {
  readonly requests: Counter;
  readonly cacheRequests: Counter;
  readonly bytesSaved: Counter;
  readonly secondsSaved: Counter;
  readonly missDuration: Histogram;
  readonly storeDuration: Histogram;
  readonly storeFailures: Counter;
  readonly breakerState: Gauge;
  readonly resolverFailures: Counter;
  readonly leaseLost: Counter;
  readonly outcomeUnknown: Counter;
  readonly unfencedWrites: Counter;
  readonly tagsBurnt: Counter;
  readonly evictions: Counter;
  readonly dropped: Counter;
  readonly cacheBytes: Gauge;
  readonly cacheEntries: Gauge;
}

const WHERE = 'prometheusMetrics(registry, options)';
const HANDLER_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STORE_SECONDS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1];

/** Those of this name that a registry has already are used again. */
export function instrumentsIn(registry: MetricsRegistry, prefix: string): Instruments {
  const counter = (name: string, help: string, ...labelNames: string[]): Counter =>
    one(name, Counter, () => new Counter({ name: prefix + name, help, labelNames, registers: [] }));
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
    one(name, Gauge, () => new Gauge({ name: prefix + name, help, labelNames, registers: [] }));
  const histogram = (name: string, help: string, buckets: number[], ...labelNames: string[]): Histogram =>
    one(name, Histogram, () => new Histogram({ name: prefix + name, help, buckets, labelNames, registers: [] }));

  function one<T extends object>(name: string, kind: { readonly name: string }, make: () => T): T {
    const known = registry.getSingleMetric(prefix + name);
    if (known && known.constructor.name !== kind.name)
      throw new ConfigurationError(WHERE, `${prefix + name} to be a ${kind.name}`, known.constructor.name);
    if (known) return known as T; // it is of that kind
    const made = make();
    registry.registerMetric(made as never); // any metric will do
    return made;
  }

  return {
    requests: counter('requests_total', 'Requests by how they were answered', 'route', 'method', 'result'),
    cacheRequests: counter('cache_requests_total', 'Requests by what the response cache had', 'route', 'result'),
    bytesSaved: counter('bytes_saved_total', 'Octets of content not sent, or not made again', 'route'),
    secondsSaved: counter('seconds_saved_total', 'Time of handlers that stored responses spared', 'route'),
    missDuration: histogram(
      'miss_duration_seconds',
      'Time until the answer, where the response cache had none',
      HANDLER_SECONDS,
      'route',
    ),
    storeDuration: histogram(
      'store_duration_seconds',
      'Time of a call to a store in another process',
      STORE_SECONDS,
      'store',
      'operation',
    ),
    storeFailures: counter('store_failures_total', 'Calls to a store that were not answered', 'operation'),
    breakerState: gauge('breaker_state', '1 while a store counts as away and is not asked', 'store', 'calls'),
    resolverFailures: counter('resolver_failures_total', 'Times that current failed or gave no validators'),
    leaseLost: counter('lease_lost_total', 'Writes that outlived their lease'),
    outcomeUnknown: counter('outcome_unknown_total', 'Writes of which nobody can say whether they have landed'),
    unfencedWrites: counter('unfenced_writes_total', 'Guarded writes that succeeded without applied()'),
    tagsBurnt: counter('tags_burnt_total', 'Versions given up because a write may have landed', 'reason'),
    evictions: counter('evictions_total', 'Stored responses let go for want of room', 'store'),
    dropped: counter('responses_dropped_total', 'Responses that were not stored', 'store', 'reason'),
    cacheBytes: gauge('cache_bytes', 'Bytes that the stores in memory hold', 'store'),
    cacheEntries: gauge('cache_entries', 'Keys that the stores in memory hold', 'store'),
  };
}
