/** What can happen to the store and to time: a deadline, the end of a quarantine, a flush, a failover. No clock: whatever may have passed can pass at once. */
import type { Step } from './checker.ts';
import type { Rules } from './rules.ts';
import { awake, outdated, record, wake } from './store.ts';
import { emptied, rested, type Client, type Event, type Store, type World } from './world.ts';

type Happens = (who: string, does: string, after: World) => void;

export function faults(world: World, rules: Rules): Step<World, Event>[] {
  const fresh = world.fresh + 1;
  const steps: Step<World, Event>[] = [];
  const happens: Happens = (who, does, { row, lagging, store, replica, former, clients: all, near, left }) => {
    const clients = outdated(world, row, store, all);
    steps.push({ who, does, to: { row, lagging, store, replica, former, clients, near, left, fresh }, event: null });
  };
  time(world, rules, happens);
  loss(world, rules, happens);
  failover(world, rules, happens);
  return steps;
}

function time(world: World, rules: Rules, happens: Happens): void {
  const { store, former, fresh, clients, row } = world;
  if (!awake(store)) {
    const woken = wake(store, fresh, row.writes, rules.quarantine);
    return happens('The next call', 'begins a new incarnation', { ...world, store: woken });
  }
  const { pending } = record(store);
  if (pending !== 0) {
    const over = (it: Store): Store => (it.pending === pending ? { ...it, over: true, standsFor: row.writes } : it);
    const late = clients.map((client) => (client.token === pending ? overdue(client, rules) : client));
    happens('The deadline', 'of the pending write passes', copies({ ...world, clients: late }, over));
  }
  if (store.quarantine) {
    const open = (it: Store): Store => (it.inc === store.inc ? { ...it, quarantine: false } : it);
    const late = clients.map((client) => (client.inc === store.inc ? client : overdue(client, rules)));
    // a lease has passed for the old primary too; and if it served on, it has stopped
    const old = rules.twoPrimaries || !former ? null : { ...former, quarantine: false, over: former.pending !== 0 };
    happens('The quarantine', 'ends', { ...copies({ ...world, clients: late }, open), former: old });
  }
}

function loss(world: World, rules: Rules, happens: Happens): void {
  const { store, fresh, clients } = world;
  if (world.left.flushes === 0 || store.boundTo === 0) return;
  const left = { ...world.left, flushes: world.left.flushes - 1 };
  if (rules.process === 'holds the store') {
    const dead = clients.map((client) => killed(client, rules));
    return happens('The process', 'is restarted', { ...world, left, store: emptied(fresh), clients: dead });
  }
  const { run, boundTo, inc, incStandsFor } = store;
  if (rules.flushed === 'the record alone') {
    const evicted = { ...emptied(run), boundTo, inc, incStandsFor };
    return happens('The record', 'is evicted', { ...world, left, store: evicted });
  }
  // without incarnations the first call after a flush makes a record with a random version
  const flushed = rules.incarnation
    ? emptied(run)
    : { ...emptied(run), boundTo: run, inc, recordInc: inc, version: fresh };
  happens('The store', 'is flushed', { ...world, left, store: flushed });
}

function failover(world: World, rules: Rules, happens: Happens): void {
  const { store, replica, former, fresh } = world;
  if (replica && replica !== store) happens('The replica', 'catches up', { ...world, replica: store });
  if (replica && world.left.failovers > 0) {
    const left = { ...world.left, failovers: world.left.failovers - 1 };
    const promoted = { ...replica, run: fresh, boundTo: rules.incarnation ? replica.boundTo : fresh };
    const old = rules.failback !== 'never' || rules.twoPrimaries ? store : null;
    const next = left.failovers > 0 ? promoted : null;
    happens('The replica', 'becomes the primary', { ...world, left, store: promoted, replica: next, former: old });
  }
  if (former && rules.failback !== 'never') {
    const back = { ...former, run: rules.failback === 'same id' ? former.run : fresh };
    happens('The old primary', 'is promoted again, with what it held', { ...world, store: back, former: null });
  }
}

/** Time passes for every copy of the store. */
function copies(world: World, change: (store: Store) => Store): World {
  const { store, replica, former } = world;
  const after = change(store);
  const copy = (it: Store | null): Store | null => (it === store ? after : it && change(it));
  return { ...world, store: after, replica: copy(replica), former: copy(former) };
}

/** Its lease is over: what has not landed never will, unless the pause was longer than that. */
function overdue(client: Client, rules: Rules): Client {
  if (client.statement !== 'flying' || rules.pause === 'longer than the lease') return client;
  return client.phase === 'away' ? rested(client) : { ...client, statement: 'gone', inc: 0 };
}

/** Its server dies. */
function killed(client: Client, rules: Rules): Client {
  if (client.statement === 'flying' && !rules.statementsDie) return { ...client, phase: 'away' };
  return ['asking', 'writing', 'committing', 'away'].includes(client.phase) ? rested(client) : client;
}
