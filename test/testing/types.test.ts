import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { createAdaptorServer } from '@hono/node-server';
import { expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import type { Express } from 'express';
import type { FastifyInstance } from 'fastify';
import type Koa from 'koa';
import type { Around } from '../../src/adapters/node.ts';
import {
  expectConditional,
  type Application,
  type Expectation,
  type ReadCheck,
  type Report,
  type Result,
} from '../../src/testing.ts';

interface Article {
  readonly text: string;
}

/** Never called: the compiler is the test. */
async function typed(app: Express, koa: Koa, fastify: FastifyInstance, around: Around): Promise<void> {
  expectTypeOf<string | URL | Server | TlsServer>().toExtend<Application>();
  expectTypeOf(app).toExtend<Application>();
  expectTypeOf(koa).toExtend<Application>();
  expectTypeOf(koa.callback()).toExtend<Application>();
  expectTypeOf(fastify).toExtend<Application>();
  expectTypeOf(fastify.server).toExtend<Application>();
  expectTypeOf(around((_req, res) => res.end())).toExtend<Application>();
  expectTypeOf(createAdaptorServer({ fetch: () => new Response() })).toExtend<Application>();
  // @ts-expect-error what has no server
  expectConditional({ fetch: () => new Response() });

  const api = expectConditional(app, { headers: { Authorization: 'x' }, timeout: '1s' });
  expectTypeOf(api.get('/x')).toEqualTypeOf<Expectation>();
  expectTypeOf(api.get('/x')).toExtend<Promise<Report>>();
  expectTypeOf(await api.get('/x').error('/none', { status: 404 })).toEqualTypeOf<Report>();
  expectTypeOf(api.post('/x')).toEqualTypeOf<Expectation>();
  expectTypeOf(api.get('/x').report()).resolves.toEqualTypeOf<Report>();

  // What GET gives is of the type that the function says.
  await api.put('/x', { body: (attempt: number, { text }: Article) => ({ text: `${text} ${attempt}` }) });
  await api.put('/x', { body: { text: 'a' } }).patch('/x', { body: async (attempt) => String(attempt), rounds: 2 });
  await api.patch<Article>('/x', { body: (_attempt, current) => ({ text: current.text.toUpperCase() }) });
  await api.patch('/x', {
    body: (_attempt, current) => {
      expectTypeOf(current).toEqualTypeOf<unknown>();
      return Buffer.from('x');
    },
  });
  await api.delete('/x', { prepare: async () => {}, except: ['write-race'] });
  await api.get('/x', { except: ['if-match-other', 'error-validators'], missing: '/none' });

  // @ts-expect-error a write that replaces needs content
  await api.put('/x', {});
  // @ts-expect-error what is deleted has to be made again
  await api.delete('/x', {});
  // @ts-expect-error a check is spelt right
  await api.get('/x', { except: ['if-non-match'] });
  // @ts-expect-error a check of a write is none of a read
  await api.get('/x', { except: ['write-race'] });
  // @ts-expect-error an option is spelt right
  await api.get('/x', { mising: '/none' });

  const [result] = (await api.get('/x').report()).results;
  if (result?.kind === 'failed') expectTypeOf(result.hint).toEqualTypeOf<string>();
  if (result?.kind === 'skipped') expectTypeOf(result.reason).toEqualTypeOf<string>();
  expectTypeOf<Result<ReadCheck>['id']>().toEqualTypeOf<ReadCheck>();
}

test('the types say what can be asked of what', () => {
  expect(typeof typed).toBe('function');
});
