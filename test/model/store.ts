/** The scripts of the version store, as functions from what is stored to what is stored. */
import { derived, emptied, type Client, type Row, type Store, type Value, type Version, type World } from './world.ts';

type Seen = Pick<Store, 'version' | 'standsFor' | 'pending' | 'lastToken' | 'lastVersion'>;

/** The key's record as every script sees it: older incarnations are dead, and a write whose deadline has passed may have landed. Looking writes nothing. */
export function record(store: Store): Seen {
  const { recordInc, inc, over, seed, standsFor, incStandsFor, lastToken, lastVersion } = store;
  if (recordInc !== inc) {
    return { version: derived(inc, 0), standsFor: incStandsFor, pending: 0, lastToken: 0, lastVersion: 0 };
  }
  if (over) return { version: derived(inc, seed), standsFor, pending: 0, lastToken, lastVersion };
  return store;
}

/** Whether the bucket's record was made by this run of the server. */
export const awake = ({ boundTo, run }: Store): boolean => boundTo === run;

/** The head of every script: after a restart, a failover or a flush every older tag is dead, and for a lease nobody is let in. */
export function wake(store: Store, inc: Value, writes: number, quarantine: boolean): Store {
  const { run } = store;
  return { ...emptied(run), boundTo: run, inc, quarantine, incStandsFor: writes };
}

/** What `begin` answers. */
export function admission(
  store: Store,
  { tag, kind }: Client,
  token: Value,
): 'begun' | 'quarantine' | 'busy' | 'mismatch' {
  const { pending, version } = record(store);
  if (pending === token && token !== 0) return 'begun';
  if (store.quarantine) return 'quarantine';
  if (pending !== 0) return 'busy';
  return version === tag || kind !== 'client' ? 'begun' : 'mismatch';
}

/** What `begin` leaves when it lets a write in. */
export function begun(store: Store, token: Value, seed: Value): Store {
  const { version, standsFor, pending, lastToken, lastVersion } = record(store);
  if (pending === token) return store;
  return written(store, { version, standsFor, pending: token, seed, lastToken, lastVersion });
}

/** What `commit` leaves, or null: the lease is lost. */
export function committed(store: Store, token: Value, version: Version, writes: number): Store | null {
  if (record(store).pending !== token) return null;
  return written(store, { version, standsFor: writes, pending: 0, seed: 0, lastToken: token, lastVersion: version });
}

/** `unchanged`: the version is kept. */
export function released(store: Store, token: Value): Store {
  const { version, standsFor, pending, lastToken, lastVersion } = record(store);
  if (pending !== token) return store;
  return written(store, { version, standsFor, pending: 0, seed: 0, lastToken, lastVersion });
}

/** `unknown`: the version is burnt, for the write may have landed. */
export function burnt(store: Store, token: Value, version: Version, writes: number): Store {
  const { pending, lastToken, lastVersion } = record(store);
  if (pending !== token) return store;
  return written(store, { version, standsFor: writes, pending: 0, seed: 0, lastToken, lastVersion });
}

/** What `bump` leaves, for a write that nobody announced. */
export function bumped(store: Store, version: Version, writes: number): Store {
  const { pending, lastToken, lastVersion } = record(store);
  const seed = pending === 0 ? 0 : store.seed;
  return written(store, { version, standsFor: writes, pending, seed, lastToken, lastVersion });
}

function written(store: Store, its: Seen & { readonly seed: Value }): Store {
  const { run, boundTo, inc, quarantine, incStandsFor } = store;
  const { version, standsFor, pending, seed, lastToken, lastVersion } = its;
  return {
    run,
    boundTo,
    inc,
    quarantine,
    incStandsFor,
    recordInc: inc,
    version,
    pending,
    seed,
    over: false,
    lastToken,
    lastVersion,
    standsFor,
  };
}

/** The version of the resource: the store's, or the row's where there is no store. None from a flush or a failover on, until the next call. */
export const versionNow = (row: Row, store: Store): Version =>
  store.run === 0 ? row.version : awake(store) ? record(store).version : 0;

/** The clients after a step to another row or store: whoever holds the version that there was until now holds a replaced one. */
export function outdated(world: World, row: Row, store: Store, clients = world.clients): readonly Client[] {
  if (row === world.row && store === world.store) return clients;
  const version = versionNow(world.row, world.store);
  if (version === 0 || version === versionNow(row, store)) return clients;
  return clients.map((client) => (client.tag === version ? { ...client, replaced: true } : client));
}
