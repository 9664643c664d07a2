/** What one client can do next, gathered: a protocol says `go`, and the rest of the world follows. */
import type { Step } from './checker.ts';
import { outdated, versionNow } from './store.ts';
import { rested, type Answer, type Client, type Event, type Near, type Row, type Store, type World } from './world.ts';

export interface Turn {
  readonly world: World;
  readonly client: Client;
  /** A step: the client becomes another one, and perhaps something else changes too. */
  readonly go: (does: string, to: Client, changes?: Changes) => void;
  /** A step after which the user has been told something. */
  readonly tell: (does: string, told: Answer, to: Client, changes?: Changes) => void;
}

interface Changes {
  readonly event?: Event;
  readonly store?: Store;
  readonly row?: Row;
  readonly former?: Store;
  readonly near?: Near | null;
}

const NONE: Changes = {};

export function turns(world: World, act: (turn: Turn) => void, steps: Step<World, Event>[] = []): Step<World, Event>[] {
  const { lagging, replica, left } = world;
  const { writes } = world.row;
  const fresh = world.fresh + 1;
  for (const [index, client] of world.clients.entries()) {
    const add = (does: string, next: Client, event: Event | null, changes: Changes): void => {
      const { store = world.store, row = world.row, former = world.former, near = world.near } = changes;
      const clients = outdated(world, row, store).with(index, next);
      const to: World = { row, lagging, store, replica, former, clients, near, left, fresh }; // listed, for a spread is slow
      steps.push({ who: client.name, does, to, event });
    };
    const go: Turn['go'] = (does, to, changes = NONE) => add(does, to, changes.event ?? null, changes);
    const tell: Turn['tell'] = (does, told, to, changes = NONE) =>
      add(does, to, { kind: 'answered', client, told, writes }, changes);
    act({ world, client, go, tell });
  }
  return steps;
}

/** A GET is answered with a body and its strong tag. */
export function tagged({ world, go }: Turn, does: string, client: Client): void {
  go(does, holding(client), { event: { kind: 'tagged', client, writes: world.row.writes } });
}

/** A write is answered 2xx with the new tag: its client has no need to read before the next one. */
export function applied(
  { world, client, go }: Turn,
  does: string,
  tag: number,
  standsFor: number,
  store = world.store,
): void {
  const after = { ...client, tag, standsFor, replaced: tag !== versionNow(world.row, store) };
  const event: Event = { kind: 'answered', told: 'applied', client: after, writes: world.row.writes };
  go(does, holding(after), { event, store });
}

function holding(client: Client): Client {
  if (client.rounds === 0) return rested(client);
  const { tag, replaced, body } = client;
  return { ...rested(client), phase: 'holding', tag, replaced, body };
}

/** A client let in to write: from here on its statement may land at any time. */
export function writing(client: Client, token: number, inc: number): Client {
  const { rounds, body } = client;
  return { ...rested(client), phase: 'writing', rounds: rounds - 1, body, statement: 'flying', token, inc };
}

/** The statement lands: the database applies the write, whatever it is based on. */
export function land({ world, client, go }: Turn, to: Client): void {
  const { writes } = world.row;
  const row = { writes: writes + 1, version: world.fresh };
  const settled: Client = to.phase === 'resting' ? to : { ...to, statement: 'landed', body: writes + 1, inc: 0 };
  go('’s write is applied', settled, { event: { kind: 'landed', client, writes }, row });
}
