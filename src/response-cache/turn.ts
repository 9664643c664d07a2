/** One of all processes makes what is not there, and the others wait for it; where that one has died, one of those who waited takes its place. */
import type { Fill, ResponseStore, Soon } from '../response-stores/response-store.ts';

export interface Turn<Found> {
  readonly fill: Fill;
  readonly found: Found;
}

/** In milliseconds: for how long it keeps others waiting, and how long it waits itself. */
export interface Patience {
  readonly lease: number;
  readonly wait: number;
}

/** A leader may have ended without a response, for what it made was for one request: then not all of them wait for one another in a row. */
const MOST_TURNS = 2;

/** `find` asks the store; it is asked again when the turn has come, for somebody may have been faster. */
export async function turnOf<Found>(
  store: ResponseStore,
  key: string,
  { lease, wait }: Patience,
  find: () => Soon<Found>,
  suffices: (found: Found) => boolean,
): Promise<Turn<Found>> {
  const until = performance.now() + wait;
  for (let turns = 1; ; turns++) {
    const fill = await store.fill(key, lease);
    if (!fill.leads) await fill.wait(Math.max(0, until - performance.now()));
    const found = await find();
    if (fill.leads || suffices(found) || turns === MOST_TURNS) return { fill, found };
  }
}
