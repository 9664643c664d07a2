/** Prints whether exchanges are published: before they are counted, while they are, and once all counters have stopped. A program of its own, for a dashboard listens for the rest of its process. */
import { Registry } from 'prom-client';
import { listened } from '../../src/metrics.ts';
import { openTelemetryMetrics } from '../../src/opentelemetry.ts';
import { prometheusMetrics } from '../../src/prometheus.ts';

const published = [listened('exchange')];
const stops = [prometheusMetrics(new Registry()), openTelemetryMetrics()];
for (const stop of stops) {
  published.push(listened('exchange'));
  stop();
}
published.push(listened('exchange'));
process.stdout.write(JSON.stringify(published));
