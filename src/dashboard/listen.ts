/** The ledger of this process: it listens from the first `dashboard()` on, and there is one, however often the package is loaded. */
import { subscribe } from 'node:diagnostics_channel';
import type { Events } from '../metrics.ts';
import { misuses } from '../misuse.ts';
import { shared, slot, type Slot } from '../state.ts';
import type { Notice } from './figures.ts';
import { ledger, type Ledger } from './ledger.ts';

/** Marks the dashboard's own requests, which are nobody's traffic. */
export const own: Slot<boolean> = slot('dashboard-request');

export function listening(): Ledger {
  return shared('dashboard', () => {
    const counted = ledger(crypto.randomUUID().slice(0, 8), () => Date.now(), misuseNotices);
    on('exchange', (event) => {
      if (!own.get(event.native)) counted.exchange(event);
    });
    on('store:call', (event) => counted.store('call', event));
    on('store:breaker', (event) => counted.store('breaker', event));
    on('responses:size', (event) => counted.store('size', event));
    on('responses:evicted', (event) => counted.store('evicted', event));
    on('responses:bus', (event) => counted.store('bus', event));
    on('store:failed', ({ error }) => counted.notice('store:failed', error));
    on('resolver:failed', ({ error }) => counted.notice('resolver:failed', error));
    on('guard:lease-lost', () => counted.notice('guard:lease-lost'));
    on('guard:burnt', ({ reason }) => counted.notice(`guard:burnt-${reason}`));
    on('responses:dropped', ({ reason }) => counted.notice(`responses:dropped-${reason}`));
    on('responses:unreadable', () => counted.notice('responses:unreadable'));
    return counted;
  });
}

function misuseNotices(): Notice[] {
  return [...misuses].map(([code, { count, at }]) => ({ code, count, at, detail: null }));
}

function on<Name extends keyof Events>(name: Name, take: (event: Events[Name]) => void): void {
  subscribe(`unstale:${name}`, (event) => take(event as Events[Name])); // what that channel publishes
}
