/** A listener of plain Node behind `cache()`, asked over a real socket. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { memoryResponses } from '../../src/index.ts';
import { cache, cacheControl } from '../../src/node.ts';
import type { CachePolicy } from '../../src/policy/cache-policy.ts';
import type { CacheOptions } from '../../src/response-cache/cache-options.ts';
import { clientOf, type Client } from '../support/exchange.ts';

export type Options = CacheOptions<IncomingMessage>;

export interface Served {
  readonly get: Client;
  /** How often the listener ran. */
  runs(): number;
}

/** A store of its own, and no chance, unless `options` say otherwise. */
export async function served(
  policy: CachePolicy,
  options: Options = {},
  listener: (req: IncomingMessage, res: ServerResponse, run: number) => unknown = (_req, res, run) => res.end(`${run}`),
): Promise<Served> {
  let runs = 0;
  const store = memoryResponses({ maxBytes: '4mb' });
  const around = cache({ store, jitter: 0, earlyRefresh: false, ...options });
  const server = createServer(
    cacheControl(policy)(around((req: IncomingMessage, res: ServerResponse) => listener(req, res, ++runs))),
  );
  return { get: await clientOf(server), runs: () => runs };
}

/** Serves, asks, and closes. */
export async function asked<T>(serving: Promise<Served>, ask: (served: Served) => Promise<T>): Promise<T> {
  const one = await serving;
  try {
    return await ask(one);
  } finally {
    await one.get.close();
  }
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
