/** Applications on real sockets: one alone with its framework, or the same one without our middlewares and with them. */
import { createServer, type RequestListener } from 'node:http';
import makeApp, { type FastifyInstance } from 'fastify';
import Koa, { type Middleware } from 'koa';
import { clientOf, type Client, type RequestOptions } from '../support/exchange.ts';

/** Serves the application while `act` talks to it. */
export async function served(app: RequestListener, act: (ask: Client) => Promise<void>): Promise<void> {
  const ask = await clientOf(createServer(app));
  try {
    await act(ask);
  } finally {
    await ask.close();
  }
}

/** Serves the peer alone and the same application with `unstale`, side by side. */
export async function besideEachOther(
  peer: RequestListener,
  withUnstale: RequestListener,
  act: (peer: Client, ours: Client) => Promise<void>,
): Promise<void> {
  await served(peer, (alone) => served(withUnstale, (ours) => act(alone, ours)));
}

/** A Koa application out of middlewares. */
export function koa(...middlewares: readonly Middleware[]): RequestListener {
  const app = new Koa();
  for (const middleware of middlewares) app.use(middleware);
  const callback = app.callback();
  return (req, res) => void callback(req, res);
}

/** A Fastify application. */
export async function fastify(build: (app: FastifyInstance) => unknown): Promise<RequestListener> {
  const app = makeApp();
  await build(app);
  await app.ready();
  return (req, res) => app.routing(req, res);
}

/** A request that lists a tag in If-None-Match. */
export function listing(tag: unknown): RequestOptions {
  return { headers: { 'If-None-Match': String(tag) } };
}
