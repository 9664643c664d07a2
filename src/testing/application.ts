/** What the checks are made on: an application, a server, or the address of one. Opens what is not open, and closes what it opened. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as TlsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { ConfigurationError } from '../errors.ts';

type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;

/**
 * An Express application or any `(req, res)` listener, a Koa application or its `callback()`, a server of `node:http` or `node:https` that
 * listens or does not, a Fastify instance or its `server`, a Nest application after `init()`, or the base URL of a running server.
 * The type of a server is as wide as what frameworks say that theirs is; one of `node:http2` is refused.
 */
export type Application =
  | string
  | URL
  | Listener
  | NetServer
  | { callback(): Listener }
  | { readonly server: NetServer; ready(): unknown }
  | { getHttpServer(): NetServer };

/** Where the requests go. */
export interface Base {
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  /** The path of a base URL, without the slash at its end. */
  readonly prefix: string;
  /** True for a server that was handed over: nobody has signed its certificate. */
  readonly own: boolean;
}

/** The right to an open server, for as long as it is not given back. */
export interface Lease {
  readonly base: Promise<Base>;
  release(): Promise<void>;
}

interface Running {
  users: number;
  readonly base: Promise<Base>;
  stop(): Promise<void>;
}

const WHERE = 'expectConditional(app, options)';
const EXPECTED = 'app to be an application, a (req, res) listener, a server of node:http, or the URL of a running one';
const HINT = 'For Hono, hand over createAdaptorServer({ fetch: app.fetch }) of @hono/node-server';

/** By the application or the server: tests that run at the same time share it. */
const running = new WeakMap<object, Running>();
const stopped = new WeakMap<object, Promise<void>>();

/** Checks what it was given at once, and opens it for each lease that is not yet served. */
export function leasesOf(app: unknown): () => Lease {
  if (typeof app === 'string' || app instanceof URL) {
    const base = Promise.resolve(baseOf(app));
    return () => ({ base, release: () => Promise.resolve() });
  }
  const { key, serve } = target(app);
  return () => {
    const server = running.get(key) ?? start(stopped.get(key), serve);
    running.set(key, server);
    server.users++;
    return {
      base: server.base,
      async release() {
        if (--server.users > 0) return;
        running.delete(key);
        const end = server.stop();
        stopped.set(key, end);
        await end;
      },
    };
  };
}

interface Target {
  /** What tells this application from others. */
  readonly key: object;
  serve(): Promise<Server | HttpsServer>;
}

function target(app: unknown): Target {
  if (typeof app === 'function') return { key: app, serve: async () => createServer(app as Listener) };
  if (isServer(app)) return { key: app, serve: async () => app };
  const { callback, server, ready, getHttpServer } = Object(app) as Record<string, unknown>; // each is checked below
  if (typeof callback === 'function') {
    return { key: Object(app), serve: async () => createServer(Reflect.apply(callback, app, []) as Listener) }; // Koa's own
  }
  if (isServer(server) && typeof ready === 'function') {
    return { key: server, serve: async () => (await (Reflect.apply(ready, app, []) as unknown), server) };
  }
  const nested: unknown = typeof getHttpServer === 'function' ? Reflect.apply(getHttpServer, app, []) : undefined;
  if (isServer(nested)) return { key: nested, serve: async () => nested };
  throw new ConfigurationError(WHERE, EXPECTED, app, HINT);
}

function isServer(value: unknown): value is Server | HttpsServer {
  const { address, closeAllConnections } = Object(value) as Record<string, unknown>;
  return typeof address === 'function' && typeof closeAllConnections === 'function'; // node:http2 has no such method
}

function start(before: Promise<void> | undefined, serve: Target['serve']): Running {
  let opened: Server | HttpsServer | undefined;
  const base = (async () => {
    await before;
    const server = await serve();
    if (!server.listening) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      opened = server;
    }
    return baseOfServer(server);
  })();
  base.catch(() => undefined); // told to each user, however late they ask
  return {
    users: 0,
    base,
    async stop() {
      await base.catch(() => undefined);
      if (!opened) return;
      const closed = once(opened, 'close');
      opened.close();
      opened.closeAllConnections();
      await closed;
    },
  };
}

function baseOfServer(server: Server | HttpsServer): Base {
  const address = server.address();
  if (typeof address !== 'object' || address === null)
    throw new ConfigurationError(WHERE, 'a server with a port', address);
  const { address: host, port }: AddressInfo = address;
  const anywhere = host === '0.0.0.0' || host === '::';
  const protocol = server instanceof TlsServer ? 'https:' : 'http:';
  return { protocol, host: anywhere ? '127.0.0.1' : host, port, prefix: '', own: true };
}

function baseOf(text: string | URL): Base {
  const url = URL.canParse(String(text)) ? new URL(text) : undefined;
  const plain = url && url.username === '' && url.search === '' && url.hash === '';
  if (!plain || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ConfigurationError(WHERE, "a base URL such as 'http://127.0.0.1:3000'", String(text));
  }
  const { protocol, hostname, pathname } = url;
  const port = Number(url.port) || (protocol === 'https:' ? 443 : 80);
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { protocol, host, port, prefix: pathname.replace(/\/$/, ''), own: false };
}
