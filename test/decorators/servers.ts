/** Each framework with one mounted method, whatever the path and the method of the request. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import express5, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import express4 from 'express4';
import Koa3, { type Context, type Middleware } from 'koa';
import Koa2 from 'koa2';
import * as forExpress from '../../src/express.ts';
import * as forKoa from '../../src/koa.ts';
import * as forNode from '../../src/node.ts';
import { statusOf } from '../contract/framework.ts';
import type { Kit } from './house.ts';

export interface Mounting {
  readonly framework: string;
  readonly kit: Kit;
  route(controller: object, method: string): unknown;
  serve(mounted: unknown): Server;
}

function sendJson([, response]: readonly unknown[], body: unknown): void {
  const res = response as ServerResponse; // of Express and of Node
  res.setHeader('Content-Type', 'application/json');
  res.end(JSON.stringify(body));
}

const express = (framework: string, make: typeof express5): Mounting => ({
  framework,
  kit: { ...forExpress, send: sendJson } as Kit, // it infers the types of one `current`
  route: (controller, method) => forExpress.route(controller, method as never),
  serve(mounted) {
    const app = make().use(...(mounted as RequestHandler[]));
    app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
      res.status(statusOf(error)).send('failed');
    });
    return createServer(app);
  },
});

const koa = (framework: string, make: () => Koa3): Mounting => ({
  framework,
  kit: {
    ...forKoa,
    send([ctx], body) {
      (ctx as Context).body = body;
    },
  } as Kit, // it infers the types of one `current`
  route: (controller, method) => forKoa.route(controller, method as never),
  serve(mounted) {
    const app = make();
    app.silent = true;
    for (const middleware of mounted as Middleware[]) app.use(middleware);
    return createServer(app.callback());
  },
});

const node: Mounting = {
  framework: 'node:http',
  kit: { ...forNode, send: sendJson } as Kit, // it infers the types of one `current`
  route: (controller, method) => forNode.route(controller, method as never),
  serve: (mounted) => createServer(mounted as RequestListener),
};

export const MOUNTINGS: readonly Mounting[] = [
  express('Express 5', express5),
  express('Express 4', express4),
  koa('Koa 3', () => new Koa3()),
  koa('Koa 2', () => new Koa2()),
  node,
];
