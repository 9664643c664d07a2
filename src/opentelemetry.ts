/** `unstale/opentelemetry`: the events of this package as metrics, and as attributes of the spans of requests, through `@opentelemetry/api`. */
import { metrics, trace, type Attributes, type Meter, type ObservableResult, type Span } from '@opentelemetry/api';
import { listen, type Events, type Listeners } from './metrics.ts';
import { checkBoolean, checkFunction, checkOptions } from './options.ts';
import { methodLabel, resultLabel, routeLabels } from './telemetry/labels.ts';
import { sizes } from './telemetry/sizes.ts';

export interface OpenTelemetryOptions {
  /** Default the one of the global provider, under the name `unstale`. */
  readonly meter?: Meter;
  /** Attributes on the span that is active when the first of our middlewares sees a request: that of the HTTP instrumentation. Default true. */
  readonly spans?: boolean;
}

type Exchange = Events['exchange'];

const WHERE = 'openTelemetryMetrics(options)';
const MOST_ROUTES = 500;

/** Counts from now on, until the function that it gives is called. Call it once the global providers are set. */
export function openTelemetryMetrics(options: OpenTelemetryOptions = {}): () => void {
  checkOptions(WHERE, options, ['meter', 'spans']);
  const { meter = metrics.getMeter('unstale'), spans = true } = options;
  checkFunction(WHERE, 'meter.createCounter', (Object(meter) as Partial<Meter>).createCounter);
  checkBoolean(WHERE, 'spans', spans);
  const stops = [...counters(meter), ...gauges(meter), ...(spans ? [listen(ofSpans())] : [])];
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

function counters(meter: Meter): (() => void)[] {
  const routeLabel = routeLabels(MOST_ROUTES);
  const counter = (name: string, description: string, unit: string): ReturnType<Meter['createCounter']> =>
    meter.createCounter(`unstale.${name}`, { description, unit });
  const seconds = (name: string, description: string): ReturnType<Meter['createHistogram']> =>
    meter.createHistogram(`unstale.${name}`, { description, unit: 's' });
  const requests = counter('requests', 'Requests by how they were answered', '{request}');
  const bytesSaved = counter('bytes.saved', 'Octets of content not sent, or not made again', 'By');
  const timeSaved = counter('time.saved', 'Time of handlers that stored responses spared', 's');
  const missDuration = seconds('miss.duration', 'Time until the answer, where the response cache had none');
  const storeDuration = seconds('store.duration', 'Time of a call to a store in another process');
  const storeFailures = counter('store.failures', 'Calls to a store that were not answered', '{call}');
  const resolverFailures = counter('resolver.failures', 'Times that current failed or gave no validators', '{failure}');
  const leaseLost = counter('lease.lost', 'Writes that outlived their lease', '{write}');
  const unknown = counter('outcome.unknown', 'Writes of which nobody can say whether they have landed', '{write}');
  const unfenced = counter('writes.unfenced', 'Guarded writes that succeeded without applied()', '{write}');
  const burnt = counter('tags.burnt', 'Versions given up because a write may have landed', '{tag}');
  const evictions = counter('cache.evictions', 'Stored responses let go for want of room', '{response}');
  const dropped = counter('cache.dropped', 'Responses that were not stored', '{response}');

  const listeners: Listeners = {
    exchange(event) {
      const route = { 'http.route': routeLabel(event.route) };
      const method = { 'http.request.method': methodOf(event.method) };
      requests.add(1, { ...route, ...method, ...attributesOf(event) });
      if (event.bytesSaved) bytesSaved.add(event.bytesSaved, route);
      if (event.saved) timeSaved.add(event.saved / 1000, route);
      if (event.cache === 'miss') missDuration.record(event.duration / 1000, route);
    },
    'store:call'({ store, operation, outcome, duration }) {
      const attributes = { 'unstale.store': store, 'unstale.operation': operation, 'unstale.outcome': outcome };
      if (outcome !== 'refused') storeDuration.record(duration / 1000, attributes);
    },
    'store:failed': ({ operation }) => storeFailures.add(1, { 'unstale.operation': operation }),
    'resolver:failed': () => resolverFailures.add(1),
    'guard:lease-lost'() {
      leaseLost.add(1);
      unknown.add(1);
    },
    'guard:unfenced': () => unfenced.add(1),
    'guard:burnt'({ reason }) {
      burnt.add(1, { 'unstale.reason': reason });
      if (reason === 'failed') unknown.add(1);
    },
    'responses:evicted': ({ store }) => evictions.add(1, { 'unstale.store': store }),
    'responses:dropped': ({ store, reason }) => dropped.add(1, { 'unstale.store': store, 'unstale.reason': reason }),
  };
  return [listen(listeners)];
}

/** What stands at some value when it is asked for. */
function gauges(meter: Meter): (() => void)[] {
  const held = sizes();
  const breakers = new Map<string, { readonly attributes: Attributes; readonly open: number }>();
  const observed = (
    name: string,
    description: string,
    unit: string,
    callback: (result: ObservableResult) => void,
  ): (() => void) => {
    const gauge = meter.createObservableGauge(`unstale.${name}`, { description, unit });
    gauge.addCallback(callback);
    return () => gauge.removeCallback(callback);
  };
  const ofSizes = (kind: 'bytes' | 'entries') => (result: ObservableResult) => {
    for (const store of held.stores()) result.observe(held.of(store)[kind], { 'unstale.store': store });
  };
  return [
    listen({
      'responses:size': held.note,
      'store:breaker'({ store, calls, state }) {
        const attributes = { 'unstale.store': store, 'unstale.calls': calls };
        breakers.set(`${store} ${calls}`, { attributes, open: state === 'open' ? 1 : 0 });
      },
    }),
    observed('cache.size', 'Bytes that the stores in memory hold', 'By', ofSizes('bytes')),
    observed('cache.entries', 'Keys that the stores in memory hold', '{key}', ofSizes('entries')),
    observed('breaker.open', '1 while a store counts as away and is not asked', '1', (result) => {
      for (const { attributes, open } of breakers.values()) result.observe(open, attributes);
    }),
  ];
}

/** The handler may have spans of its own by the time when it answers. */
function ofSpans(): Listeners {
  const spans = new WeakMap<object, Span>();
  return {
    'exchange:start'({ native }) {
      const span = trace.getActiveSpan();
      if (span) spans.set(native, span);
    },
    exchange(event) {
      const span = spans.get(event.native) ?? trace.getActiveSpan();
      const { bytesSaved, saved } = event;
      span?.setAttributes({
        ...attributesOf(event),
        ...(bytesSaved !== undefined && { 'unstale.bytes_saved': bytesSaved }),
        ...(saved !== undefined && { 'unstale.time_saved': saved / 1000 }),
      });
    },
  };
}

function attributesOf({ result, answeredBy, cache }: Exchange): Attributes {
  return {
    'unstale.result': resultLabel(result),
    'unstale.answered_by': answeredBy.replaceAll('-', '_'),
    ...(cache && { 'unstale.cache': cache }),
  };
}

/** As the conventions of HTTP have it. */
function methodOf(method: string): string {
  const label = methodLabel(method);
  return label === 'other' ? '_OTHER' : label;
}
