/** The frameworks that every row of the contract runs on. */
import type { Framework } from './framework.ts';
import { express4, express5 } from './frameworks/express.ts';
import { fastify } from './frameworks/fastify.ts';
import { hono } from './frameworks/hono.ts';
import { koa2, koa3 } from './frameworks/koa.ts';
import { nestOnExpress, nestOnFastify } from './frameworks/nest.ts';
import { node } from './frameworks/node.ts';
import { web } from './frameworks/web.ts';

export const FRAMEWORKS: readonly Framework[] = [
  express5,
  express4,
  koa3,
  koa2,
  fastify,
  hono,
  nestOnExpress,
  nestOnFastify,
  web,
  node,
];
