/** Our middlewares beside others, on every framework: several on one response, layers of one's own, clients that leave. */
import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { expect } from '@jest/globals';
import makeTag from 'etag';
import { version, type Layer } from '../../src/index.ts';
import type { Client } from '../support/exchange.ts';
import type { Io } from './framework.ts';
import { row, type Row } from './row.ts';

/** Records the order in which layers are passed. */
const tracing =
  (name: string, trace: string[]): Layer =>
  async (_exchange, next) => {
    trace.push(`${name} in`);
    const response = await next();
    trace.push(`${name} out ${response.status}`);
    response.headers.set(`X-${name}`, 'passed');
    return response;
  };

/** Sends text on one connection and gives what comes back until it is closed. */
function raw(get: Client, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(get.port, '127.0.0.1');
    socket.setTimeout(8000, () => socket.destroy(new Error('no answer within 8 s')));
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.write(text);
  });
}

export const interplay: readonly Row[] = [
  {
    name: 'several middlewares on one response see it from the inside out',
    async prove(framework) {
      const trace: string[] = [];
      const { kit } = framework;
      const middlewares = [kit.use(tracing('a', trace), tracing('b', trace)), kit.etag(), kit.use(tracing('c', trace))];
      await row('', { middlewares: () => middlewares, handler: (io) => io.send('content') }, async (get) => {
        const { headers, body } = await get();
        expect(trace).toEqual(['a in', 'b in', 'c in', 'c out 200', 'b out 200', 'a out 200']);
        expect([headers['x-a'], headers['x-b'], headers['x-c'], body]).toEqual([
          'passed',
          'passed',
          'passed',
          'content',
        ]);
      }).prove(framework);
    },
  },
  {
    name: "an inner layer's answer passes the outer ones, and the handler does not run",
    async prove(framework) {
      const trace: string[] = [];
      const { kit } = framework;
      const answer: Layer = async ({ staged }) => ({ status: 418, headers: staged, body: 'short and stout' });
      const handler = (): void => void trace.push('handler');
      await row(
        '',
        { middlewares: () => [kit.use(tracing('a', trace)), kit.etag(), kit.use(answer)], handler },
        async (get) => {
          const { status, headers, body } = await get();
          expect([status, headers['x-a'], body]).toEqual([418, 'passed', 'short and stout']);
          expect(trace).toEqual(['a in', 'a out 418']);
        },
      ).prove(framework);
    },
  },
  {
    name: 'a layer that fails before or after the handler is answered by the framework',
    async prove(framework) {
      for (const when of ['before', 'after']) {
        const failing: Layer = async (_exchange, next) => {
          if (when === 'after') await next();
          throw new Error('thrown on purpose');
        };
        const { kit } = framework;
        await row(
          '',
          {
            middlewares: () => [kit.cacheControl({ maxAge: 60 }), kit.use(failing)],
            handler: (io) => io.send('content'),
          },
          async (get) => {
            const { status, headers, body } = await get();
            expect([when, status, headers['cache-control']]).toEqual([when, 500, 'no-store']);
            expect(body).not.toBe('content');
          },
        ).prove(framework);
      }
    },
  },
  {
    name: 'a layer may replace the whole response, and the content of the handler is gone',
    async prove(framework) {
      const { kit } = framework;
      const replacing: Layer = async (exchange, next) => {
        await next();
        exchange.staged.delete('Content-Length');
        return { status: 203, headers: exchange.staged, body: 'replaced' };
      };
      await row(
        '',
        { middlewares: () => [kit.etag(), kit.use(replacing)], handler: (io) => io.send('content') },
        async (get) => {
          const { status, headers, body } = await get();
          expect([status, body, headers.etag]).toEqual([203, 'replaced', makeTag('replaced', { weak: true })]);
        },
      ).prove(framework);
    },
  },
  row(
    'a 304 over a running stream ends it, and the connection serves the next request (RFC 9112 §9.3)',
    {
      middlewares: (kit) => [kit.conditional(() => version(7), { early: 'tags' })],
      handler: (io) =>
        io.stream(
          Readable.from(
            (function* () {
              for (let i = 0; i < 100; i++) yield Buffer.alloc(65_536);
            })(),
            { objectMode: false },
          ),
        ),
    },
    async (get) => {
      const request = 'GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n';
      const answer = await raw(get, `${request}\r\n${request}Connection: close\r\n\r\n`);
      expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 304', 'HTTP/1.1 304']);
    },
  ),
  row(
    'pipelined requests are answered in order, each with its own response (RFC 9112 §9.3.2)',
    {
      middlewares: (kit) => [kit.etag(), kit.guard(() => version(7))],
      handler: (io) => io.send(io.path),
    },
    async (get) => {
      const put = 'PUT /put HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nnew';
      const answer = await raw(
        get,
        `GET /one HTTP/1.1\r\nHost: x\r\n\r\n${put}GET /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 428', 'HTTP/1.1 200']);
      expect(answer.indexOf('/one')).toBeLessThan(answer.indexOf('/two'));
    },
  ),
  row(
    'the body of a refused write that looks like a request is not taken for one (RFC 9112 §11.2)',
    {
      middlewares: (kit) => [kit.guard(() => version(7))],
      handler: (io) => io.send('carried out'),
    },
    async (get) => {
      const smuggled = 'PUT / HTTP/1.1\r\nHost: x\r\nIf-Match: "7"\r\nContent-Length: 0\r\n\r\n';
      const answer = await raw(
        get,
        `PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 428', 'HTTP/1.1 200']);
    },
  ),
  {
    name: 'a client that leaves aborts the signal of the guarded write, and the server goes on',
    async prove(framework) {
      const { kit } = framework;
      const events = new EventEmitter();
      const [started, aborted] = [once(events, 'started'), once(events, 'aborted')];
      const handler = async (io: Io): Promise<void> => {
        const { signal } = kit.guarded(io.native);
        events.emit('started');
        await once(signal, 'abort');
        events.emit('aborted');
        io.send('too late');
      };
      await row('', { middlewares: () => [kit.etag(), kit.guard(() => version(7))], handler }, async (get) => {
        const socket = connect(get.port, '127.0.0.1');
        socket.write('PATCH / HTTP/1.1\r\nHost: x\r\nIf-Match: "7"\r\nContent-Length: 0\r\n\r\n');
        await started;
        socket.destroy();
        await aborted;
        expect((await get('/', { method: 'PATCH' })).status).toBe(428);
      }).prove(framework);
    },
  },
  row(
    'loggers find the request as it came once it is answered',
    {
      middlewares: (kit, framework) => [
        framework.logger((io) => void logged.push(String(io.header('If-None-Match')))),
        kit.conditional(() => version(7)),
      ],
      handler: (io) => io.send(`seen: ${io.header('If-None-Match')}`),
    },
    async (get) => {
      logged.length = 0;
      expect((await get('/', { headers: { 'If-None-Match': '"8"' } })).body).toBe('seen: undefined');
      expect((await get('/', { headers: { 'If-None-Match': '"7"' } })).status).toBe(304);
      expect(logged).toEqual(['"8"', '"7"']);
    },
  ),
];

const logged: string[] = [];
