/** The exchange of a request of Hono: its response is the one that Hono keeps, and on Node it can be run once more. */
import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { renewsOf, serverOf } from './again.ts';
import { openExchange, type WebExchange } from './web-exchange.ts';
import type { Place } from './web-fields.ts';

/** On Node, `env` of its server has the request as Node gave it. */
export function openedOn(c: Context): WebExchange {
  const { incoming } = Object(c.env as unknown) as { readonly incoming?: IncomingMessage };
  const again = (what: number): Promise<void> | undefined =>
    incoming && serverOf(incoming) && runOnNode(incoming, what);
  return openExchange(
    () => c.req.raw,
    c,
    placeIn(c),
    again,
    () => incoming && renewsOf(incoming),
  );
}

/** Other platforms need not have what it takes. */
async function runOnNode(incoming: IncomingMessage, what: number): Promise<void> {
  const { runAgain } = await import('./node-again.ts');
  await runAgain(incoming, what);
}

/** Hono keeps the response; what it had before, it would lay over the fields of a new one. */
function placeIn(c: Context): Place {
  return {
    get: () => c.res,
    set(response) {
      c.res = undefined;
      c.res = response;
    },
    coming: () => c.newResponse(null).headers,
    stage: (name, value) => c.header(name, value),
  };
}
