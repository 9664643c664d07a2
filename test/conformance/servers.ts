/** The contract server of the conformance cases on each framework: the same resource behind `etag`, `conditional` and `guard`. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import express5 from 'express';
import express4 from 'express4';
import Koa3 from 'koa';
import Koa2 from 'koa2';
import type { Writes } from './contract.ts';
import { expressServer } from './servers/express.ts';
import { fastifyServer } from './servers/fastify.ts';
import { honoServer } from './servers/hono.ts';
import { koaServer } from './servers/koa.ts';
import { nestServer } from './servers/nest.ts';
import { nodeServer } from './servers/node.ts';
import { webServer } from './servers/web.ts';

const SERVERS = {
  express5: (writes) => expressServer(express5(), writes),
  express4: (writes) => expressServer(express4(), writes),
  koa3: (writes) => koaServer(new Koa3(), writes),
  koa2: (writes) => koaServer(new Koa2(), writes),
  fastify: fastifyServer,
  node: nodeServer,
  hono: honoServer,
  web: webServer,
  'nest-express': (writes) => nestServer(new ExpressAdapter(), writes),
  'nest-fastify': (writes) => nestServer(new FastifyAdapter(), writes),
} satisfies Record<string, (writes: Writes) => Server | Promise<Server>>;

export type Framework = keyof typeof SERVERS;

export const FRAMEWORKS = Object.keys(SERVERS) as readonly Framework[]; // their names

export async function contractServer(framework: Framework, writes: Writes): Promise<Server> {
  return SERVERS[framework](writes);
}

export interface RunningServer {
  readonly base: string;
  close(): Promise<void>;
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
