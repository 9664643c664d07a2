/** Clients that read and write one resource through the real layers, with every step on the way put off by a scheduler: fast-check picks the order. */
import { randomUUID } from 'node:crypto';
import type * as fc from 'fast-check';
import { counter, layers, type Counter, type Exchange, type HttpResponse, type VersionStore } from '../../src/index.ts';

export interface Applied {
  readonly client: string;
  readonly base: number;
}

export interface History {
  readonly applied: readonly Applied[];
  /** What each client was told, for every write that it asked for. */
  readonly told: readonly { readonly client: string; readonly status: number; readonly base: number }[];
}

type Guarding = 'counter' | 'unsafeCheckOnly';

/** Runs `clients` that each read and write `rounds` times, in the order that the scheduler chooses. */
export async function play(
  scheduler: fc.Scheduler,
  store: VersionStore,
  { clients, rounds, guarding }: { readonly clients: number; readonly rounds: number; readonly guarding: Guarding },
): Promise<History> {
  const step = (name: string): Promise<void> => scheduler.schedule(Promise.resolve(), name);
  const key = randomUUID();
  const applied: Applied[] = [];
  const told: { client: string; status: number; base: number }[] = [];
  let value = 0;

  const article: Counter<object, { value: number }> = counter(slowed(store, step), () => key, {
    async load() {
      await step('load');
      return { value };
    },
  });
  const guard =
    guarding === 'counter'
      ? layers.guard(article)
      : layers.guard((native: object) => article(native), { mode: guarding });

  async function client(name: string): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const read = await article({});
      if (!read?.entityTag) continue; // a write is landing: no tag
      const exchange = exchangeOf(`"${read.entityTag.opaque}"`);
      const { status } = await guard(exchange, async (): Promise<HttpResponse> => {
        await step('handler');
        applied.push({ client: name, base: read.value });
        value = read.value + 1; // a blind write: the guard alone keeps others from being lost
        await step('written');
        return { status: 200, headers: exchange.staged, body: null };
      });
      told.push({ client: name, status, base: read.value });
    }
  }

  await scheduler.waitFor(Promise.all(Array.from({ length: clients }, (_, i) => client(`client ${i}`))));
  return { applied, told };
}

/** Each applied write was based on the one before it (I8); who was told 200 is in the history, and nobody else (I5, I6). */
export function isSound({ applied, told }: History): boolean {
  const chained = applied.every(({ base }, i) => base === i);
  const successes = told.filter(({ status }) => status === 200).map(({ client, base }) => `${client} ${base}`);
  return (
    chained &&
    successes.toSorted().join() ===
      applied
        .map(({ client, base }) => `${client} ${base}`)
        .toSorted()
        .join()
  );
}

/** A store whose calls take time on the way there and on the way back. */
function slowed(store: VersionStore, step: (name: string) => Promise<void>): VersionStore {
  const around = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    await step(`${name} asked`);
    const result = await call();
    await step(`${name} answered`);
    return result;
  };
  return {
    lease: store.lease,
    read: (...args) => around('read', () => store.read(...args)),
    begin: (...args) => around('begin', () => store.begin(...args)),
    commit: (...args) => around('commit', () => store.commit(...args)),
    abort: (...args) => around('abort', () => store.abort(...args)),
    bump: (...args) => around('bump', () => store.bump(...args)),
  };
}

function exchangeOf(ifMatch: string): Exchange {
  const fields = new Map<string, string>();
  return {
    method: 'PATCH',
    target: '/',
    header: (name) => (name === 'if-match' ? ifMatch : undefined),
    staged: {
      get: (name) => fields.get(name.toLowerCase()),
      set: (name, value) => void fields.set(name.toLowerCase(), value),
      delete: (name) => void fields.delete(name.toLowerCase()),
      names: () => [...fields.keys()],
    },
    preconditions: 'open',
    hide: () => undefined,
    show: () => undefined,
    visible: () => [],
    policy: undefined,
    signal: () => new AbortController().signal,
    native: {},
  };
}
