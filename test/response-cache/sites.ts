/** Two servers of one application on one Redis, as two processes would have them, and clients who read and write at both while something happens to it. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Redis } from 'ioredis';
import { memoryResponses, responseCache, tiered, type ResponseCache } from '../../src/index.ts';
import { invalidationBus, redisResponses } from '../../src/redis.ts';
import { served, sleep, type Options, type Served } from './served.ts';

/** Seconds. Nothing else allows a stale response. */
export const MAX_AGE = 2;
export const BEAT = 100;
/** A purge that was acknowledged is known to the other server by then, or it has noticed that it hears nothing. */
const GRACE = 10 * BEAT;
/** Waiting for another request, for a place, for Redis, and for a machine that is busy: nothing hangs. */
const SLOWEST = 6000;
const PATHS = ['/r0', '/r1', '/r2', '/r3', '/r4'];

export interface Site {
  readonly served: Served;
  readonly cache: ResponseCache;
  /** How often its near store did not do. */
  asked(): number;
}

export interface Sites {
  readonly all: readonly [Site, Site];
  /** Reads and writes until it is told to stop. */
  watch(): Watch;
  /** Milliseconds until what one of them stores is a hit at the other one. */
  recovery(): Promise<number>;
  close(): Promise<void>;
}

export interface Watch {
  stop(): Promise<{ readonly wrong: readonly string[]; readonly answers: number; readonly unavailable: number }>;
}

interface SitesOptions extends Options {
  /** Of one call to Redis, in milliseconds. */
  readonly deadline?: number;
  /** How the messages come, where it is another way. */
  readonly messages?: () => Redis;
}

/** `connect` gives one more connection. */
export async function sites(connect: () => Redis, options: SitesOptions = {}): Promise<Sites> {
  const { deadline = 200, messages = connect, ...rest } = options;
  const name = `test:${randomUUID()}:`;
  const told: { readonly at: number; readonly site: number; readonly version: number }[] = [];
  let [current, writes] = [0, 0];

  /** Says which resource it is, its version, and when it was made. */
  const listener = (req: IncomingMessage, res: ServerResponse): unknown => {
    if (req.method === 'PUT') current++;
    return res.end(`${req.url} ${current} ${Date.now()}`);
  };

  async function open(toMessages: () => Redis): Promise<Site & { close(): Promise<void> }> {
    const clients = [connect(), toMessages()] as const;
    for (const client of clients) client.on('error', () => undefined); // of a server that is not there
    const bus = invalidationBus(clients[1], { channel: `${name}bus`, beat: BEAT });
    const far = redisResponses(clients[0], { prefix: name, deadline });
    let asked = 0;
    const counted: typeof far = {
      ...far,
      get(key, enough) {
        asked++;
        return far.get(key, enough);
      },
    };
    const store = tiered(memoryResponses({ maxBytes: '4mb' }), counted, { bus });
    const one = await served({ public: true, maxAge: MAX_AGE }, { store, wait: 500, ...rest }, listener);
    return {
      served: one,
      cache: responseCache({ store }),
      asked: () => asked,
      async close() {
        await one.get.close();
        store.close();
        bus.close();
        for (const client of clients) client.disconnect();
      },
    };
  }

  const all = [await open(messages), await open(connect)] as const;

  /** The version that a read at this site may not be behind of: at the writer's own at once, though nobody else could be told. */
  function least(site: number, now: number): number {
    const known = told.filter(({ at, site: where }) => where === site || at < now - GRACE);
    return Math.max(0, ...known.map(({ version }) => version));
  }

  function watch(): Watch {
    const wrong: string[] = [];
    const run = { going: true };
    let [answers, unavailable] = [0, 0];

    async function reader(site: number): Promise<void> {
      while (run.going) {
        const path = PATHS[Math.floor(Math.random() * PATHS.length)] ?? '';
        const from = Date.now();
        const atLeast = least(site, from);
        const { status, body } = await (all[site] ?? all[0]).served.get(path);
        const [url, version, made] = body.split(' ');
        answers++;
        const say = (what: string): unknown => wrong.push(`${path} at ${site}: ${what}`);
        if (Date.now() - from > SLOWEST) say(`took ${Date.now() - from} ms`);
        if (status === 503) unavailable++;
        else if (status !== 200 || url !== path) say(`${status} ${body}`);
        else if (Number(version) < atLeast) say(`version ${version}, and ${atLeast} was written`);
        else if (from - Number(made) > MAX_AGE * 1000) say(`${from - Number(made)} ms old`);
      }
    }

    async function writer(): Promise<void> {
      while (run.going) {
        const site = writes++ % 2;
        const { served: one, cache } = all[site] ?? all[0];
        await one.get('/r0', { method: 'PUT' });
        const version = current;
        const got = await cache.invalidate({ url: PATHS }).then(
          () => true,
          () => false,
        );
        // What others could not be told, they may have for as long as it is fresh.
        told.push({ at: got ? Date.now() : Number.POSITIVE_INFINITY, site, version });
        await sleep(50);
      }
    }

    const clients = [...Array.from({ length: 8 }, (_, i) => reader(i % 2)), writer()];
    return {
      async stop() {
        run.going = false;
        await Promise.all(clients);
        return { wrong, answers, unavailable };
      },
    };
  }

  async function recovery(): Promise<number> {
    const from = performance.now();
    for (let i = 0; performance.now() - from < 30_000; i++) {
      const path = `/recovered/${randomUUID()}`;
      await all[i % 2 ? 0 : 1].served.get(path);
      if ((await all[i % 2 ? 1 : 0].served.get(path)).headers.age !== undefined) return performance.now() - from;
      await sleep(10);
    }
    throw new Error('what one stores is no hit at the other one');
  }

  return {
    all,
    watch,
    recovery,
    close: async () => void (await Promise.all(all.map((site) => site.close()))),
  };
}
