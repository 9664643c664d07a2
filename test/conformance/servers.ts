/** The contract server of the conformance cases on each framework: the same resource behind `etag`, `conditional` and `guard`. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express5, { type Response } from 'express';
import express4 from 'express4';
import Koa3, { type Context } from 'koa';
import Koa2 from 'koa2';
import * as expressLayers from '../../src/express.ts';
import * as koaLayers from '../../src/koa.ts';
import * as nodeLayers from '../../src/node.ts';
import { Resource, type Answer, type ResourceState } from './contract.ts';

/** Which middleware stands before the writes that need no precondition. */
export type Writes = 'conditional' | 'guard';

export const FRAMEWORKS = ['express5', 'express4', 'koa3', 'koa2', 'node'] as const;
export type Framework = (typeof FRAMEWORKS)[number];

export interface RunningServer {
  readonly base: string;
  close(): Promise<void>;
}

export function contractServer(framework: Framework, writes: Writes): Server {
  switch (framework) {
    case 'express5':
      return createServer(expressApp(express5, writes));
    case 'express4':
      return createServer(expressApp(express4, writes));
    case 'koa3':
      return createServer(koaApp(new Koa3(), writes).callback());
    case 'koa2':
      return createServer(koaApp(new Koa2(), writes).callback());
    case 'node':
      return createServer(nodeListener(writes));
  }
}

export async function listen(server: Server, port = 0): Promise<RunningServer> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${bound}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

function expressApp(express: typeof express5, writes: Writes): ReturnType<typeof express5> {
  const resource = new Resource();
  const current = (): ReturnType<Resource['current']> => resource.current();
  const [conditional, free, required] = [
    expressLayers.conditional(current),
    expressLayers.guard(current, { required: false, mode: 'unsafeCheckOnly' }),
    expressLayers.guard(current, { mode: 'unsafeCheckOnly' }),
  ];
  const app = express();
  app.use(expressLayers.etag());
  app.get('/__caps', (_req, res) => void res.json(['range', 'require']));
  app.put('/__state', express.json(), (req, res) => {
    resource.reset(req.body as ResourceState);
    res.status(204).end();
  });
  app.get('/__log', (_req, res) => void res.json({ performed: resource.performed }));
  app.all(
    '/r',
    (_req, res, next) => {
      const refusal = resource.refuses();
      if (refusal) onExpress(res, refusal);
      else next();
    },
    (req, res, next) => {
      if (isRead(req.method)) res.set(resource.state.headers ?? {});
      next();
    },
    (req, res, next) => {
      const { requirePrecondition } = resource.state;
      const middleware = requirePrecondition ? required : writes === 'guard' ? free : conditional;
      return isRead(req.method) ? conditional(req, res, next) : middleware(req, res, next);
    },
    (req, res) => onExpress(res, resource.handle(req.method, req.headers.range)),
  );
  return app;
}

function koaApp(app: Koa3, writes: Writes): Koa3 {
  const resource = new Resource();
  const current = (): ReturnType<Resource['current']> => resource.current();
  const [conditional, free, required] = [
    koaLayers.conditional(current),
    koaLayers.guard(current, { required: false, mode: 'unsafeCheckOnly' }),
    koaLayers.guard(current, { mode: 'unsafeCheckOnly' }),
  ];
  app.use(koaLayers.etag());
  app.use(async (ctx, next) => {
    const { method, path } = ctx;
    if (path === '/__caps') ctx.body = ['range', 'require'];
    else if (path === '/__log') ctx.body = { performed: resource.performed };
    else if (path === '/__state') {
      const chunks: Buffer[] = [];
      for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
      resource.reset(JSON.parse(Buffer.concat(chunks).toString()) as ResourceState);
      ctx.status = 204;
    } else {
      const refusal = resource.refuses();
      if (refusal) return onKoa(ctx, refusal);
      if (isRead(method)) ctx.set({ ...resource.state.headers });
      await next();
    }
  });
  app.use((ctx, next) => {
    const { requirePrecondition } = resource.state;
    const middleware = requirePrecondition ? required : writes === 'guard' ? free : conditional;
    return isRead(ctx.method) ? conditional(ctx, next) : middleware(ctx, next);
  });
  app.use((ctx) => onKoa(ctx, resource.handle(ctx.method, ctx.get('Range') || undefined)));
  return app;
}

function nodeListener(writes: Writes): RequestListener {
  const resource = new Resource();
  const current = (): ReturnType<Resource['current']> => resource.current();
  const handler: RequestListener = (req, res) => onNode(res, resource.handle(req.method ?? '', req.headers.range));
  const [conditional, free, required] = [
    nodeLayers.conditional(current),
    nodeLayers.guard(current, { required: false, mode: 'unsafeCheckOnly' }),
    nodeLayers.guard(current, { mode: 'unsafeCheckOnly' }),
  ].map((around) => around(handler));
  return nodeLayers.etag()(async (req, res) => {
    const { method = '', url } = req;
    if (url === '/__caps') return void res.end('["range","require"]');
    if (url === '/__log') return void res.end(JSON.stringify({ performed: resource.performed }));
    if (url === '/__state') {
      const chunks = (await req.toArray()) as Buffer[];
      resource.reset(JSON.parse(Buffer.concat(chunks).toString()) as ResourceState);
      return void res.writeHead(204).end();
    }
    const refusal = resource.refuses();
    if (refusal) return onNode(res, refusal);
    if (isRead(method))
      for (const [name, value] of Object.entries(resource.state.headers ?? {})) res.setHeader(name, value);
    const middleware = resource.state.requirePrecondition ? required : writes === 'guard' ? free : conditional;
    return (isRead(method) ? conditional : middleware)?.(req, res);
  });
}

function onNode(res: ServerResponse, { status, headers = {}, body }: Answer): void {
  res.writeHead(status, headers).end(body);
}

function onExpress(res: Response, { status, headers = {}, body }: Answer): void {
  res.status(status).set(headers);
  res.end(body);
}

function onKoa(ctx: Context, { status, headers = {}, body }: Answer): void {
  ctx.status = status;
  ctx.set({ ...headers });
  ctx.body = body ?? (status === 204 ? null : '');
}
