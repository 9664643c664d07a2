/** What must never happen, in states and in histories. An event is judged when it happens, in the state that it leads to. */
import type { Invariants } from './checker.ts';
import { versionNow } from './store.ts';
import { type Client, type Event, type World } from './world.ts';

export const INVARIANTS: Invariants<World, Event> = {
  ofHistories: {
    'I8: each applied guarded write is based on the state just before it': ({ kind, client, writes }) =>
      kind !== 'landed' || client.kind !== 'client' || client.body === writes,

    'I1: a body with a strong tag contains every write that the tag stands for': ({ kind, told, client }) =>
      (kind !== 'tagged' && told !== 'applied') || client.body >= client.standsFor,

    'I4: nobody is let in on a version that is not the last, or while another write may land': (event, { clients }) =>
      event.kind !== 'admitted' ||
      event.client.kind !== 'client' ||
      (event.client.body === event.writes && clients.filter(mayLand).length === 1),

    'I5: a write that was answered 2xx is in the history': ({ told, client }) =>
      told !== 'applied' || client.statement === 'landed',

    'I6: a write that was refused is not in the history, and never will be': ({ kind, told, client }) =>
      kind === 'landed' ? client.told !== 'refused' : told !== 'refused' || client.statement !== 'landed',

    'I7: as long as its outcome is open, a write is answered outcome-unknown': ({ told, client }) =>
      told === undefined || client.statement !== 'flying' || told === 'unknown',
  },
  ofStates: {
    'I2: at most one write is pending in an incarnation': ({ clients }) => {
      const incarnations = clients
        .filter(({ statement, inc }) => statement === 'flying' && inc !== 0)
        .map(({ inc }) => inc);
      return new Set(incarnations).size === incarnations.length;
    },

    'I3: a version that was replaced never comes back': ({ row, store, clients }) => {
      const version = versionNow(row, store);
      return !clients.some(({ replaced, tag }) => replaced && tag === version);
    },
  },
};

const mayLand = ({ statement }: Client): boolean => statement === 'flying';
