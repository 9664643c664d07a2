import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { expectConditional, type Application } from '../../src/testing.ts';
import { CERTIFICATE, KEY } from './certificate.ts';
import { reference, serverOf } from './reference.ts';
import { failures, words } from './report-of.ts';

const port = (server: Server): number => (server.address() as AddressInfo).port;

async function listening(server: Server, host = '127.0.0.1'): Promise<Server> {
  server.listen(0, host);
  await once(server, 'listening');
  return server;
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

describe('What the checks are made on', () => {
  const { listener } = reference();
  const koa = new Koa().use((ctx) => {
    ctx.respond = false;
    listener(ctx.req, ctx.res);
  });

  test.each<[string, () => Application]>([
    ['a listener', () => listener],
    ['an Express application', () => express().use(listener)],
    ['a Koa application', () => koa],
    ['the callback of a Koa application', () => koa.callback()],
    ['a server that does not listen', () => createServer(listener)],
    ['what gives a server, as a Nest application does', () => ({ getHttpServer: () => createServer(listener) })],
  ])('may be %s', async (_name, app) => {
    const { passed } = await expectConditional(app()).get('/x', { missing: '/none' });
    expect(passed).toBe(true);
  });

  test('may be a Fastify instance, or its server when it is ready', async () => {
    const app = Fastify();
    app.get('/x', async (_request, reply) => {
      reply.header('ETag', '"v1"');
      return 'x';
    });
    await expectConditional(app).get('/x', { except: ['if-none-match', 'if-match-other'] });
    expect(app.server.listening).toBe(false);
    await expectConditional(app.server).get('/x', { except: ['if-none-match', 'if-match-other'] });
    await app.close();
  });

  test('may be a server that listens: it stays open, whatever its address', async () => {
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const server = await listening(serverOf(), host);
      await expectConditional(server).get('/x');
      expect(server.listening).toBe(true);
      await closed(server);
    }
  });

  test('may be the URL of a running server, with a path before all others', async () => {
    const server = await listening(
      createServer((req, res) => listener(Object.assign(req, { url: req.url?.replace('/api', '') }), res)),
    );
    const base = `http://127.0.0.1:${port(server)}/api/`;
    await expectConditional(base).get('/x', { missing: '/none' });
    await expectConditional(new URL(base)).get('/x');
    expect(
      failures(
        await expectConditional(`http://127.0.0.1:${port(server)}`)
          .get('/y')
          .report(),
      ),
    ).toEqual(['answered']);
    await closed(server);
    const report = await expectConditional(base).get('/x').report();
    expect(words(report)).toContain('200 or 203 <> no answer (connect ECONNREFUSED');
  });

  test('may be a server of node:https, whose certificate nobody signed; at a URL it has to be signed', async () => {
    const server = createTlsServer({ key: KEY, cert: CERTIFICATE }, listener);
    await expectConditional(server).get('/x');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: tlsPort } = server.address() as AddressInfo;
    const report = await expectConditional(`https://127.0.0.1:${tlsPort}`).get('/x').report();
    expect(words(report)).toContain('no answer (self-signed certificate)');
    server.close();
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a path', '/x'],
    ['a URL of files', 'file:///x'],
    ['a URL with a query', 'http://127.0.0.1:1/?a=b'],
    ['a URL with a password', 'http://a:b@127.0.0.1:1/'],
    ['a server of node:http2', createHttp2Server()],
    ['a Hono application', { fetch: () => new Response() }],
  ])('is refused when it is %s', (_name, app) => {
    expect(() => expectConditional(app as Application)).toThrow(
      /^expectConditional\(app, options\): expected (app|a base URL)/,
    );
  });

  test('is said how to give where it has no server of its own', () => {
    expect(() => expectConditional({ fetch: () => new Response() } as never)).toThrow(
      'createAdaptorServer({ fetch: app.fetch })',
    );
  });
});

describe('A server that was opened for the checks', () => {
  test('is closed after the last step of a chain, and not before', async () => {
    const server = serverOf();
    const closings: number[] = [];
    server.on('close', () => closings.push(1));
    await expectConditional(server).get('/x').error('/none').get('/x');
    expect([closings, server.listening]).toEqual([[1], false]);
  });

  test('is shared by tests that run at the same time, and opened again for the next', async () => {
    const server = serverOf();
    let openings = 0;
    server.on('listening', () => openings++);
    const app = expectConditional(server);
    await Promise.all([app.get('/x'), app.error('/none'), expectConditional(server).get('/x')]);
    expect(openings).toBe(1);
    const [first, second] = [app.get('/x'), app.get('/x').report()];
    await Promise.all([first, second]);
    const last = first.get('/x');
    expect((await last).results).toHaveLength(2 * (await first).results.length);
    expect([openings, server.listening]).toEqual([3, false]);
  });

  test('is closed when a step throws: its error is the one that is told, and no other step is begun', async () => {
    const { listener } = reference();
    const server = createServer(listener);
    const prepare = (): never => {
      throw new Error('no database');
    };
    await expect(expectConditional(server).delete('/x', { prepare }).get('/x')).rejects.toThrow('no database');
    expect(server.listening).toBe(false);
  });

  test('tells why it cannot be opened', async () => {
    const app = { server: serverOf(), ready: () => Promise.reject(new Error('a plugin failed')) };
    await expect(expectConditional(app).get('/x')).rejects.toThrow('a plugin failed');
  });
});

describe('The client', () => {
  test('keeps its connections: a read needs one, a write two for its races', async () => {
    const { listener } = reference();
    const server = createServer(listener);
    let connections = 0;
    server.on('connection', () => connections++);
    await expectConditional(server).get('/x', { missing: '/none' });
    expect(connections).toBe(1);
    await expectConditional(server).put('/x', { body: (attempt) => ({ text: String(attempt) }) });
    expect(connections).toBe(3);
  });

  test('goes on where a server closes every connection', async () => {
    const { listener } = reference({ answered: ({ headers }) => void (headers['Connection'] = 'close') });
    const { passed } = await expectConditional(listener)
      .get('/x')
      .put('/x', { body: (attempt) => ({ text: String(attempt) }) });
    expect(passed).toBe(true);
  });

  test('sends the fields of the user with every request, those of a step before those of all, and Content-Type with content only', async () => {
    const seen = new Set<string>();
    const { listener } = reference({
      asked({ method, headers }) {
        seen.add([method === 'PUT', headers['authorization'], headers['content-type'], headers['x-all']].join());
      },
    });
    const headers = { AUTHORIZATION: 'of the step', 'Content-Type': 'application/merge-patch+json' };
    await expectConditional(listener, { headers: { Authorization: 'of all', 'X-All': 'yes' } })
      .get('/x')
      .put('/x', { headers, body: (attempt) => ({ text: String(attempt) }) });
    expect([...seen].toSorted()).toEqual([
      'false,of all,,yes',
      'false,of the step,,yes',
      'true,of the step,application/merge-patch+json,yes',
    ]);
  });

  test('tells of an answer that breaks off', async () => {
    const server = createServer((_req, res) => {
      res.writeHead(200, { 'Content-Length': 10 }).write('half');
      setImmediate(() => res.destroy());
    });
    expect(words(await expectConditional(server).get('/x').report())).toContain('no answer (aborted) to GET /x');
  });
});
