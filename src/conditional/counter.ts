/** A resource whose version is kept in a version store, for data without a version column of its own. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError, StoreUnavailable } from '../errors.ts';
import { publishOfStore } from '../metrics.ts';
import { checkFunction, checkOptions, parseMilliseconds } from '../options.ts';
import type { Begun, VersionRead, VersionStore } from '../stores/version-store.ts';
import { version } from '../validators/version.ts';
import type { Validators } from '../validators/validators.ts';

export interface CounterOptions<Native, T extends object> {
  /**
   * The representation, given to the handler beside its validators, or null or undefined where there is no such resource. It is read after the version, for a
   * tag may lag its body and never lead it. Without it every resource counts as existing.
   */
  readonly load?: (native: Native) => T | null | undefined | Promise<T | null | undefined>;
  /** How long a write waits for another one on the same resource before it is answered 409, in milliseconds or as a text. Default 0. */
  readonly wait?: number | string;
}

/** Accepted wherever `current` is; `guard` on it is in mode `counter`. */
export interface Counter<Native, T extends object = object> {
  (native: Native): Promise<(Validators & T) | null>;
  /**
   * Gives the resource a new version for a change that did not come through `guard`. With `write` the change is made in between, and no guarded
   * write runs beside it; without, what was written in between can still be lost, and only the tags are renewed. Rejects with a StoreUnavailable where the store does not answer.
   */
  bump<R = void>(of: string | Native, write?: () => R | Promise<R>): Promise<R | undefined>;
}

/** What `guard` finds behind a counter. */
export interface CountedResource {
  readonly store: VersionStore;
  /** Milliseconds. */
  readonly wait: number;
  keyOf(native: never): string;
  /** Null: no such resource. */
  load(native: never): Promise<object | null>;
}

const COUNTED = Symbol.for('unstale.counted');
const WHERE = 'counter(store, key, options)';
const PAUSE = 10;

/** `key` names the resource of a request, in a way that no two resources share. */
export function counter<Native, T extends object = object>(
  store: VersionStore,
  key: (native: Native) => string,
  options: CounterOptions<Native, T> = {},
): Counter<Native, T> {
  checkStore(store);
  checkFunction(WHERE, 'key', key);
  checkOptions(WHERE, options, ['load', 'wait']);
  const { load, wait = 0 } = options;
  if (load !== undefined) checkFunction(WHERE, 'load', load);

  const resource: CountedResource = {
    store,
    wait: parseMilliseconds(WHERE, 'wait', wait),
    keyOf(native) {
      const name: unknown = key(native);
      if (typeof name !== 'string' || name === '')
        throw new TypeError(`${WHERE}: expected key to give a text, got ${String(name)}`);
      return name;
    },
    load: async (native) => (load ? ((await load(native)) ?? null) : {}),
  };

  async function current(native: Native): Promise<(Validators & T) | null> {
    const read = await readOrNone(store, resource.keyOf(native as never));
    const loaded = (await resource.load(native as never)) as T | null; // what `load` gave
    if (loaded === null) return null;
    return read.kind === 'version' ? { ...loaded, ...version(read.version) } : { ...loaded, unsettled: true };
  }

  async function bump<R>(of: string | Native, write?: () => R | Promise<R>): Promise<R | undefined> {
    const name = typeof of === 'string' ? of : resource.keyOf(of as never);
    if (write) return writeBetween(store, name, write);
    await store.bump(name);
    return undefined;
  }

  return Object.assign(current, { bump, [COUNTED]: resource });
}

/** The counter behind `current`, if it is one; known by a mark, for the package may be loaded twice. */
export function countedBehind(current: unknown): CountedResource | undefined {
  return (current as { [COUNTED]?: CountedResource })[COUNTED];
}

/** `begin`, again and again for `wait` milliseconds while another write is pending. */
export async function beginWithin(
  { store, wait }: Pick<CountedResource, 'store' | 'wait'>,
  key: string,
  token: string,
  expected?: readonly string[],
): Promise<Begun> {
  const start = performance.now();
  for (;;) {
    const begun = await store.begin(key, token, expected);
    if (begun.kind !== 'busy' || performance.now() - start >= wait) return begun;
    await sleep(PAUSE);
  }
}

/** A read never fails on account of the store: it goes on without a tag. */
async function readOrNone(store: VersionStore, key: string): Promise<VersionRead> {
  try {
    return await store.read(key);
  } catch (error) {
    publishOfStore('store:failed', { operation: 'read', error });
    return { kind: 'none' };
  }
}

async function writeBetween<R>(store: VersionStore, key: string, write: () => R | Promise<R>): Promise<R> {
  const token = randomUUID();
  const begun = await beginWithin({ store, wait: store.lease }, key, token);
  if (begun.kind !== 'begun') throw new StoreUnavailable(`bump(): the write cannot begin: ${begun.kind}`);
  const result = await write(); // where it fails, something may still be on its way: nobody writes until the lease is over
  const { kind } = await store.commit(key, token);
  if (kind === 'lost') throw new StoreUnavailable('bump(): the write took longer than its lease');
  return result;
}

function checkStore(store: unknown): void {
  const { begin, lease } = Object(store) as Partial<VersionStore>;
  if (typeof begin === 'function' && typeof lease === 'number') return;
  throw new ConfigurationError(WHERE, 'a version store, as memoryVersions() or redisVersions() makes it', store);
}
