/** `app.use(etag)` for `app.use(etag())`: the framework calls the factory with a request, and the error says what is missing. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { Hono, type MiddlewareHandler } from 'hono';
import Koa, { type Middleware } from 'koa';
import * as forExpress from '../src/express.ts';
import * as forHono from '../src/hono.ts';
import * as forKoa from '../src/koa.ts';

const FACTORIES: readonly (readonly [name: string, call: string, express: unknown, koa: unknown, hono?: unknown])[] = [
  ['etag', 'etag(options)', forExpress.etag, forKoa.etag, forHono.etag],
  ['conditional', 'conditional(current, options)', forExpress.conditional, forKoa.conditional, forHono.conditional],
  ['guard', 'guard(current, options)', forExpress.guard, forKoa.guard, forHono.guard],
  ['cacheControl', 'cacheControl(policy)', forExpress.cacheControl, forKoa.cacheControl, forHono.cacheControl],
  ['vary', 'vary(...fields)', forExpress.vary, forKoa.vary, forHono.vary],
  ['route', 'route(controller, method)', forExpress.route, forKoa.route],
];

/** One request to a server that lives as long as the request. */
async function request(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  const { status } = await fetch(`http://127.0.0.1:${port}/`);
  server.close();
  return status;
}

test.each(FACTORIES)('Express: app.use(%s) fails with the call that is missing', async (_name, call, factory) => {
  const errors: unknown[] = [];
  const remember: ErrorRequestHandler = (error, _request, response, _next) => {
    errors.push(error);
    response.sendStatus(500);
  };
  const mistaken = factory as RequestHandler; // the types would not allow the mistake
  expect(await request(express().use(mistaken).use(remember))).toBe(500);
  expect(errors).toEqual([
    expect.objectContaining({
      name: 'ConfigurationError',
      message: expect.stringContaining(`Write ${call}, with the call, where you hand it to the framework`),
    }),
  ]);
});

test.each(FACTORIES)('Koa: app.use(%s) fails with the call that is missing', async (_name, call, _express, factory) => {
  const errors: unknown[] = [];
  const app = new Koa().use(factory as Middleware); // the types would not allow the mistake
  app.on('error', (error: unknown) => errors.push(error));
  expect(await request(app.callback())).toBe(500);
  expect(errors).toEqual([
    expect.objectContaining({
      name: 'ConfigurationError',
      message: expect.stringContaining(`Write ${call}, with the call, where you hand it to the framework`),
    }),
  ]);
});

test.each(FACTORIES.filter(([name]) => name !== 'route'))(
  'Fastify: app.register(%s) ends the process with the call that is missing',
  (name, call) => {
    const script = join(import.meta.dirname, 'misuse', 'registered-not-called.ts');
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, name], { encoding: 'utf8' });
    expect(stderr).toContain('ConfigurationError');
    expect(stderr).toContain(`Write ${call}, with the call, where you hand it to the framework`);
    expect(status).toBe(1);
  },
);

test.each(FACTORIES.filter(([, , , , factory]) => factory))(
  'Hono: app.use(%s) fails with the call that is missing',
  async (_, call, _express, _koa, factory) => {
    const errors: unknown[] = [];
    const app = new Hono().use(factory as MiddlewareHandler); // the types would not allow the mistake
    app.onError((error, c) => c.text(String(errors.push(error)), 500));
    expect((await app.request('/')).status).toBe(500);
    expect(errors).toEqual([
      expect.objectContaining({
        name: 'ConfigurationError',
        message: expect.stringContaining(`Write ${call}, with the call, where you hand it to the framework`),
      }),
    ]);
  },
);
