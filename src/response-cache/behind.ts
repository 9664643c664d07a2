/** Renewing behind the answer: the request is run once more, for nobody, and that one waits for the handler. */
import type { Exchange } from '../exchange.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';

/** Whether somebody else renews it, so that this request need not wait. */
export type RenewBehind = (exchange: Exchange, key: string, stored: StoredResponse) => boolean;

/** After so many milliseconds a request that is run once more counts as lost. */
export function renewingBehind(lease: number): RenewBehind {
  const underWay = new Map<string, symbol>();

  return (exchange, key, { responseTime }) => {
    if (exchange.renews?.() !== undefined) return false;
    if (underWay.has(key)) return true;
    const running = exchange.again?.(responseTime);
    if (!running) return false;
    const token = Symbol('renewal');
    const end = (): void => {
      clearTimeout(timer);
      if (underWay.get(key) === token) underWay.delete(key);
    };
    const timer = setTimeout(end, lease).unref();
    underWay.set(key, token);
    void running.then(end, end);
    return true;
  };
}
