/** A request of the Web once more; nobody gets its response. */
import { AGAIN, isLeftOut } from './again.ts';

/** `handle` is given a copy as the request came, without its conditions. `rest` came with it: the platform may have to be told to wait. */
export function runAgain<R extends Request>(
  request: R,
  what: number,
  handle: (copy: R) => Promise<Response>,
  rest: readonly unknown[],
): Promise<void> | undefined {
  const { url, method, headers } = request;
  if (method !== 'GET') return undefined;
  const Own = request.constructor as new (url: string, init: RequestInit) => R; // a platform may have a class of its own
  const copy = new Own(url, { headers: [...headers].filter(([name]) => !isLeftOut(name)) });
  AGAIN.set(copy, what);
  const running = (async () => {
    await new Promise((resolve) => setTimeout(resolve, 0)); // behind the answer
    const { body } = await handle(copy);
    await body?.cancel();
  })();
  for (const each of rest) (Object(each) as Waiter).waitUntil?.(running.catch(() => undefined)); // as far as one has it
  return running;
}

interface Waiter {
  waitUntil?(promise: Promise<unknown>): void;
}
