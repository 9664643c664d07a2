/** What people write first: a counter in a store beside the database, bumped after the handler, or compared and bumped at one stroke before it. Both lose updates. */
import type { Model } from './checker.ts';
import { show } from './show.ts';
import { stateCode } from './state-code.ts';
import { bumped, record } from './store.ts';
import { applied, land, tagged, turns, writing, type Turn } from './turn.ts';
import { initial, rested, type Event, type World } from './world.ts';

type When = 'before the handler' | 'after the handler';

export const bump = (when: When): Model<World, Event> => ({
  initial: initial({ clients: 2, rounds: 1, flushes: 0, failovers: 0 }),
  steps: (world) => turns(world, (turn) => act(turn, when)),
  code: stateCode,
  show,
});

function act(turn: Turn, when: When): void {
  const { world, client, go } = turn;
  const { version, standsFor } = record(world.store);
  switch (client.phase) {
    case 'resting':
      if (client.rounds > 0) go('reads the version', { ...client, phase: 'half read', tag: version, standsFor });
      return;
    case 'half read':
      return tagged(turn, 'reads the body', { ...client, body: world.row.writes });
    case 'holding':
      return admit(turn, when);
    case 'writing':
      return client.statement === 'flying' ? land(turn, client) : finish(turn, when);
    case 'asking':
    case 'committing':
    case 'away':
      return undefined;
  }
}

function admit({ world, client, go, tell }: Turn, when: When): void {
  const { row, store, fresh } = world;
  if (client.tag !== record(store).version) {
    return tell('is refused, for its tag is stale: 412', 'refused', rested(client));
  }
  const event: Event = { kind: 'admitted', client, writes: row.writes };
  if (when === 'after the handler') return go('is let in', writing(client, 0, 0), { event });
  go('is let in, and the version is bumped', writing(client, 0, 0), {
    event,
    store: bumped(store, fresh, row.writes + 1),
  });
}

function finish(turn: Turn, when: When): void {
  const { row, store, fresh } = turn.world;
  const { version, standsFor } = record(store);
  if (when === 'before the handler') return applied(turn, 'is answered 2xx', version, standsFor);
  applied(turn, 'bumps the version: 2xx', fresh, row.writes, bumped(store, fresh, row.writes));
}
