/** The ledger of this process: it listens from the first `dashboard()` on, and there is one, however often the package is loaded. */
import { listen } from '../metrics.ts';
import { misuses } from '../misuse.ts';
import { shared, slot, type Slot } from '../state.ts';
import type { Notice } from './figures.ts';
import { ledger, type Ledger } from './ledger.ts';

/** Marks the dashboard's own requests, which are nobody's traffic. */
export const own: Slot<boolean> = slot('dashboard-request');

export function listening(): Ledger {
  return shared('dashboard', () => {
    const counted = ledger(crypto.randomUUID().slice(0, 8), () => Date.now(), misuseNotices);
    listen({
      exchange: (event) => {
        if (!own.get(event.native)) counted.exchange(event);
      },
      'store:call': (event) => counted.store('call', event),
      'store:breaker': (event) => counted.store('breaker', event),
      'responses:size': (event) => counted.store('size', event),
      'responses:evicted': (event) => counted.store('evicted', event),
      'responses:bus': (event) => counted.store('bus', event),
      'store:failed': ({ error }) => counted.notice('store:failed', error),
      'resolver:failed': ({ error }) => counted.notice('resolver:failed', error),
      'guard:lease-lost': () => counted.notice('guard:lease-lost'),
      'guard:burnt': ({ reason }) => counted.notice(`guard:burnt-${reason}`),
      'responses:dropped': ({ reason }) => counted.notice(`responses:dropped-${reason}`),
      'responses:unreadable': () => counted.notice('responses:unreadable'),
    });
    return counted;
  });
}

function misuseNotices(): Notice[] {
  return [...misuses].map(([code, { count, at }]) => ({ code, count, at, detail: null }));
}
