/** Events as they are published inside, for tests of those who count them. */
import diagnostics from 'node:diagnostics_channel';
import type { Events } from '../../src/index.ts';

export function publish<Name extends keyof Events>(name: Name, event: Events[Name]): void {
  diagnostics.channel(`unstale:${name}`).publish(event);
}

/** Whatever may happen to writes and stores, once each. */
export function publishIncidents(): void {
  const of = { method: 'PUT', target: '/' };
  publish('guard:lease-lost', of);
  publish('guard:unfenced', of);
  publish('guard:burnt', { ...of, reason: 'failed' });
  publish('guard:burnt', { ...of, reason: 'conflict' });
  publish('resolver:failed', { ...of, error: new Error('away') });
  publish('store:failed', { operation: 'get', error: new Error('away') });
  publish('store:breaker', { store: 'redis', calls: 'reads', state: 'open' });
  publish('store:call', { store: 'redis', operation: 'get', outcome: 'answered', duration: 3 });
  publish('store:call', { store: 'redis', operation: 'get', outcome: 'refused', duration: 0 });
  publish('responses:dropped', { store: 'redis', reason: 'size' });
  publish('responses:evicted', { store: 'memory' });
}
