/** The exchange of a request to a handler of the Web: its response is kept here, and it can be run once more. */
import { AGAIN } from './again.ts';
import { runAgain } from './web-again.ts';
import { openExchange, type WebExchange } from './web-exchange.ts';
import type { Place } from './web-fields.ts';

/** What is run once more begins with the outermost of our middlewares. */
export function openedAround<R extends Request, Rest extends readonly unknown[]>(
  request: R,
  rest: Rest,
  handle: (request: R, ...rest: Rest) => Promise<Response>,
): WebExchange {
  const again = (what: number): Promise<void> | undefined =>
    runAgain(request, what, (copy) => handle(copy, ...rest), rest);
  return openExchange(
    () => request,
    request,
    keptHere(),
    again,
    () => AGAIN.get(request),
  );
}

function keptHere(): Place {
  let response: Response | undefined;
  return {
    get: () => response as Response, // asked for once it is there
    set(given) {
      response = given;
    },
  };
}
