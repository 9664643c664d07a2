import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import otherEtag from '@fastify/etag';
import { describe, expect, test } from '@jest/globals';
import makeTag from 'etag';
import fastify, { type FastifyInstance, type FastifyPluginCallback, type FastifyServerOptions } from 'fastify';
import { cacheControl, conditional, etag, guard, guarded, selected, unstale, use, vary } from '../../src/fastify.ts';
import { version, type HeaderFields, type HttpResponse, type Layer } from '../../src/index.ts';
import { clientOf, type Client } from '../support/exchange.ts';

const v7 = (): ReturnType<typeof version<number>> => version(7);
const weak = (content: string): string => makeTag(content, { weak: true });
const listing = (tag: string): { headers: Record<string, string> } => ({ headers: { 'If-None-Match': tag } });

async function serving(
  build: (app: FastifyInstance) => unknown,
  prove: (get: Client) => Promise<void>,
  options: FastifyServerOptions = {},
): Promise<void> {
  const app = fastify(options);
  await build(app);
  await app.ready();
  const client = await clientOf(app.server);
  try {
    await prove(client);
  } finally {
    await client.close();
    await app.close();
  }
}

function fail(message: string, statusCode: number): never {
  throw Object.assign(new Error(message), { statusCode });
}

/** Says in `X-Order` when it is passed. */
const named = (name: string): FastifyPluginCallback => {
  const layer: Layer = async (_exchange, next) => {
    const response = await next();
    response.headers.set('X-Order', [response.headers.get('X-Order') ?? [], name].flat().join(' '));
    return response;
  };
  return use(layer);
};

describe('contexts', () => {
  test('a middleware serves the context in which it is registered, those inside of it, and no other', async () => {
    const build = (app: FastifyInstance): void => {
      app.register(
        (inside, _options, done) => {
          inside.register(etag());
          inside.get('/', () => 'tagged');
          inside.register(
            (deeper, _deeperOptions, deeperDone) => {
              deeper.get('/', () => 'inherited');
              deeperDone();
            },
            { prefix: '/deeper' },
          );
          done();
        },
        { prefix: '/inside' },
      );
      app.register(
        (beside, _options, done) => {
          beside.get('/', () => 'untagged');
          done();
        },
        { prefix: '/beside' },
      );
      app.get('/', () => 'untagged');
    };
    await serving(build, async (get) => {
      expect((await get('/inside')).headers.etag).toBe(weak('tagged'));
      expect((await get('/inside/')).headers.etag).toBe(weak('tagged'));
      expect((await get('/inside/deeper')).headers.etag).toBe(weak('inherited'));
      expect((await get('/inside/deeper', listing(weak('inherited')))).status).toBe(304);
      for (const path of ['/', '/beside']) expect((await get(path)).headers).not.toHaveProperty('etag');
    });
  });

  test('registered without await, it serves the routes declared after it and before it', async () => {
    const build = (app: FastifyInstance): void => {
      app.get('/before', () => 'before');
      app.register(etag());
      app.get('/after', () => 'after');
    };
    await serving(build, async (get) => {
      for (const content of ['before', 'after']) expect((await get(`/${content}`)).headers.etag).toBe(weak(content));
    });
  });

  test('first registered is outermost: the context around, then the context, then config.unstale in its order', async () => {
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(named('first'));
      await app.register(named('second'));
      await app.register(async (inside) => {
        await inside.register(named('inside'));
        inside.get('/', { config: { unstale: [named('route'), named('last')] } }, () => 'content');
      });
    };
    await serving(build, async (get) => {
      for (const method of ['GET', 'HEAD'])
        expect((await get('/', { method })).headers['x-order']).toBe('last route inside second first');
    });
  });

  test('the handler of what is not found is inside, too, and gets no validators (RFC 9110 §15.5.5)', async () => {
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(etag());
      await app.register(cacheControl({ public: true, maxAge: 60 }));
      app.get('/given-up', { config: { unstale: [conditional(v7)] } }, (_request, reply) => reply.callNotFound());
      app.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing here'));
    };
    await serving(build, async (get) => {
      for (const path of ['/unknown', '/given-up']) {
        const { status, headers, body } = await get(path, { headers: { 'If-None-Match': '*' } });
        expect([status, body, headers['cache-control'], headers.etag]).toEqual([
          404,
          'nothing here',
          'no-store',
          undefined,
        ]);
      }
    });
  });

  test('two applications in one process do not know of each other', async () => {
    const shared = etag();
    const withTag = (app: FastifyInstance): void => void app.register(shared).get('/', () => 'content');
    await serving(withTag, (one) =>
      serving(withTag, async (other) => {
        expect((await one()).headers.etag).toBe((await other()).headers.etag);
      }),
    );
  });
});

describe('config.unstale', () => {
  test('the middlewares of a route serve it alone, and its HEAD', async () => {
    const current = ({ params }: { params: unknown }): ReturnType<typeof version<string>> =>
      version((params as { id: string }).id);
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(unstale);
      const own = { config: { unstale: [cacheControl({ maxAge: 5 }), vary('Accept'), conditional(current)] } };
      app.get('/a/:id', own, (request) => selected(request, current).version);
      app.get('/b', () => 'b');
    };
    await serving(build, async (get) => {
      const { headers, body } = await get('/a/x');
      expect([headers.etag, headers['cache-control'], headers.vary, body]).toEqual(['"x"', 'max-age=5', 'Accept', 'x']);
      for (const method of ['GET', 'HEAD']) {
        const answer = await get('/a/x', { method, ...listing('"x"') });
        expect([answer.status, answer.headers['cache-control'], answer.headers.vary]).toEqual([
          304,
          'max-age=5',
          'Accept',
        ]);
        for (const name of ['content-length', 'content-type', 'transfer-encoding'])
          expect(answer.headers).not.toHaveProperty(name);
      }
      const other = await get('/b', listing('"x"'));
      expect([other.body, other.headers['cache-control']]).toEqual(['b', undefined]);
    });
  });

  test('any middleware that is registered around makes it work, in a prefixed context with both forms of its root', async () => {
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(etag());
      await app.register(
        async (inside) => {
          await inside.register(vary('Accept'));
          inside.get('/', { config: { unstale: [conditional(v7)] } }, () => 'content');
        },
        { prefix: '/inside' },
      );
    };
    await serving(build, async (get) => {
      for (const path of ['/inside', '/inside/'])
        expect((await get(path)).headers).toMatchObject({ etag: '"7"', vary: 'Accept' });
    });
  });

  test('what is none of ours is refused where the route is declared', async () => {
    const app = fastify();
    await app.register(unstale);
    for (const wrong of [etag(), [compress], [{ maxAge: 5 }], [undefined], 'etag', null]) {
      const declare = (): unknown => app.get('/', { config: { unstale: wrong as never } }, () => 'content');
      expect(declare).toThrow(/config\.unstale of \/: expected a list of middlewares of unstale\/fastify, got/);
    }
  });

  test('a route that was declared before the plugin had loaded fails: its guard would be left out', async () => {
    const errors: unknown[] = [];
    const ran: string[] = [];
    const build = (app: FastifyInstance): void => {
      app.setErrorHandler((error, _request, reply) => {
        errors.push(error);
        return reply.code(500).send('refused');
      });
      app.register(unstale);
      app.delete('/', { config: { unstale: [guard(v7)] } }, () => ran.push('handler'));
    };
    await serving(build, async (get) => {
      expect((await get('/', { method: 'DELETE' })).status).toBe(500);
      expect(errors).toEqual([
        expect.objectContaining({ name: 'ConfigurationError', message: expect.stringContaining('await app.register') }),
      ]);
      expect(ran).toEqual([]);
    });
  });

  test('a middleware is no hook, and says so', async () => {
    const errors: unknown[] = [];
    const build = (app: FastifyInstance): void => {
      app.setErrorHandler((error, _request, reply) => {
        errors.push(error);
        return reply.code(500).send('refused');
      });
      app.get('/', { preHandler: [guard(v7) as never] }, () => 'content');
    };
    await serving(build, async (get) => {
      expect((await get()).status).toBe(500);
      expect(errors).toEqual([expect.objectContaining({ name: 'ConfigurationError' })]);
    });
  });
});

describe('the lifecycle', () => {
  test.each(['onRequest', 'preHandler'] as const)(
    'authorization in %s comes before current, which is not asked for nothing (RFC 9110 §13.2.1)',
    async (hook) => {
      const asked: string[] = [];
      const current = (): ReturnType<typeof v7> => {
        asked.push('current');
        return v7();
      };
      const authorize = async (request: { headers: object }): Promise<void> => {
        if (!('authorization' in request.headers)) fail('Who are you?', 401);
      };
      const build = async (app: FastifyInstance): Promise<void> => {
        await app.register(cacheControl({ public: true, maxAge: 60 }));
        const all = conditional(current, { early: 'all' });
        app.get('/', { [hook]: authorize, config: { unstale: [all] } }, () => 'content');
        app.put('/', { [hook]: [authorize], config: { unstale: [guard(current)] } }, () => 'content');
      };
      await serving(build, async (get) => {
        for (const method of ['GET', 'PUT']) {
          const refused = await get('/', { method, headers: { 'If-None-Match': '"7"' } });
          expect([refused.status, refused.headers['cache-control'], refused.headers.etag]).toEqual([
            401,
            hook === 'onRequest' ? undefined : 'no-store', // Fastify has not come to the layers
            undefined,
          ]);
        }
        expect(asked).toEqual([]);
        const headers = { 'If-None-Match': '"7"', Authorization: 'me' };
        expect((await get('/', { headers })).status).toBe(304);
        expect((await get('/', { method: 'PUT', headers: { Authorization: 'me' } })).status).toBe(428);
      });
    },
  );

  test('content that its schema refuses is 400 before any precondition is looked at (RFC 9110 §13.2.1)', async () => {
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(unstale);
      const schema = { body: { type: 'object', required: ['title'] } };
      app.put('/', { schema, config: { unstale: [guard(v7, { mode: 'unsafeCheckOnly' })] } }, () => 'written');
    };
    await serving(build, async (get) => {
      const put = async (body: string, headers = {}): Promise<number> =>
        (await get('/', { method: 'PUT', body, headers: { 'Content-Type': 'application/json', ...headers } })).status;
      expect(await put('{}')).toBe(400);
      expect(await put('{"title":"x"}')).toBe(428);
      expect(await put('{"title":"x"}', { 'If-Match': '"7"' })).toBe(200);
    });
  });

  test('an answer that its schema serializes is tagged by the bytes that are sent (RFC 9110 §8.8.3)', async () => {
    const build = (app: FastifyInstance): void => {
      const response = { 200: { type: 'object', properties: { shown: { type: 'string' } } } };
      app.register(etag());
      app.get('/', { schema: { response } }, () => ({ hidden: 'secret', shown: 'content' }));
      app.get('/own', (_request, reply) => reply.serializer(() => 'serialized').send({ a: 1 }));
    };
    await serving(build, async (get) => {
      const { headers, body } = await get();
      expect([body, headers.etag]).toEqual(['{"shown":"content"}', weak('{"shown":"content"}')]);
      expect((await get('/own')).headers.etag).toBe(weak('serialized'));
    });
  });

  test('what a layer has decided is hidden from a handler whose validator made an object of its own of the fields', async () => {
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(unstale);
      app.setValidatorCompiler(() => (data) => ({ value: { ...(data as object), seen: 'validated' } }));
      const schema = { headers: { type: 'object' } };
      app.get('/', { schema, config: { unstale: [conditional(v7)] } }, ({ headers }) => [
        headers['if-none-match'] ?? null,
        headers['seen'],
      ]);
    };
    await serving(build, async (get) => expect((await get('/', listing('"8"'))).body).toBe('[null,"validated"]'));
  });

  test('an error handler answers, and its answer passes the layers (RFC 9110 §15.6)', async () => {
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(cacheControl({ public: true, maxAge: 60 }));
      app.setErrorHandler((error: Error & { code?: string }, _request, reply) => {
        if (error.message === 'twice') throw error;
        return reply.code(error.code === 'P2025' ? 404 : 500).send({ handled: error.message });
      });
      const own = { config: { unstale: [vary('Accept'), conditional(v7)] } };
      app.get('/:message', own, (request) => {
        const { message } = request.params as { message: string };
        throw Object.assign(new Error(message), { code: message === 'missing' ? 'P2025' : 'other' });
      });
    };
    await serving(build, async (get) => {
      for (const [message, status] of [
        ['missing', 404],
        ['broken', 500],
        ['twice', 500],
      ] as const) {
        const { status: answered, headers, body } = await get(`/${message}`);
        expect([answered, headers['cache-control'], headers.vary, headers.etag]).toEqual([
          status,
          'no-store',
          'Accept',
          undefined,
        ]);
        expect(body).toContain(message);
      }
    });
  });

  test('a conflict is answered 412 by the guard, whatever an error handler says to it (RFC 9110 §15.5.13)', async () => {
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(unstale);
      app.setErrorHandler((_error, _request, reply) => reply.code(500).type('text/html').send('<h1>Sorry</h1>'));
      app.delete('/', { config: { unstale: [guard(v7)] } }, (request) => guarded(request).conflict());
    };
    await serving(build, async (get) => {
      const { status, headers, body } = await get('/', { method: 'DELETE', headers: { 'If-Match': '"7"' } });
      expect([status, headers['content-type'], headers['content-length']]).toEqual([
        412,
        'application/problem+json',
        String(body.length),
      ]);
      expect(JSON.parse(body)).toMatchObject({ status: 412, field: 'If-Match' });
    });
  });

  test('a hook after the layers that answers by itself is seen by them', async () => {
    const build = (app: FastifyInstance): void => {
      app.register(cacheControl({ maxAge: 60 }));
      app.get('/', { preHandler: async (_request, reply) => reply.code(403).send('no') }, () => 'content');
    };
    await serving(build, async (get) => {
      const { status, body, headers } = await get();
      expect([status, body, headers['cache-control']]).toEqual([403, 'no', 'no-store']);
    });
  });

  test('a layer that throws nothing is answered 500, and the handler does not run', async () => {
    const ran: string[] = [];
    const build = (app: FastifyInstance): void => {
      app.register(use(() => Promise.reject(undefined as unknown as Error)));
      app.get('/', () => ran.push('handler'));
    };
    await serving(build, async (get) => expect((await get()).status).toBe(500));
    expect(ran).toEqual([]);
  });

  test('hooks of the application get the answer of a layer, and may add to it', async () => {
    const seen: unknown[] = [];
    const build = (app: FastifyInstance): void => {
      app.register(conditional(v7));
      app.addHook('onSend', (_request, reply, payload, done) => {
        seen.push(payload);
        reply.header('X-Session', 'kept');
        done();
      });
      app.get('/', () => 'content');
    };
    await serving(build, async (get) => {
      const { status, headers } = await get('/', listing('"7"'));
      expect([status, headers['x-session'], headers['content-length']]).toEqual([304, 'kept', undefined]);
      expect((await get()).headers['x-session']).toBe('kept');
      expect(seen).toHaveLength(2);
      expect(seen[1]).toBe('content');
    });
  });

  test.each<[string, (staged: HeaderFields) => HttpResponse, string]>([
    ['answers', (headers) => ({ status: 503, headers, body: 'too slow' }), 'too slow'],
    ['fails', () => fail('too slow', 503), expect.stringContaining('too slow') as unknown as string], // a matcher
  ])('a layer %s while the handler is still at work: what the handler sends is dropped', async (_how, answer, text) => {
    const events = new EventEmitter();
    const impatient: Layer = async ({ staged }, next) => {
      const started = once(events, 'started');
      await Promise.race([next(), started]);
      return answer(staged);
    };
    const build = (app: FastifyInstance): void => {
      app.register(use(impatient));
      app.get('/', async (_request, reply) => {
        events.emit('started');
        await once(events, 'go');
        setImmediate(() => events.emit('over'));
        return reply.send('content');
      });
    };
    await serving(build, async (get) => {
      const { status, body } = await get();
      expect([status, body]).toEqual([503, text]);
      const over = once(events, 'over');
      events.emit('go');
      await over;
    });
  });

  test('of two answers the first one counts, also while the layers look at it', async () => {
    const build = (app: FastifyInstance): void => {
      const slow: Layer = async (_exchange, next) => {
        const response = await next();
        await sleep(20);
        return response;
      };
      app.register(use(slow));
      app.get('/', async (_request, reply) => {
        reply.send('first');
        throw new Error('thrown on purpose');
      });
    };
    await serving(build, async (get) => {
      const { status, body } = await get();
      expect([status, body]).toEqual([200, 'first']);
    });
  });

  test('loggers in onResponse find the request as it came', async () => {
    const logged: unknown[] = [];
    const build = (app: FastifyInstance): void => {
      app.register(conditional(v7));
      app.addHook('onResponse', async ({ headers }) => void logged.push(headers['if-none-match']));
      app.get('/', ({ headers }) => String(headers['if-none-match']));
    };
    await serving(build, async (get) => {
      expect((await get('/', listing('"8"'))).body).toBe('undefined');
      expect((await get('/', listing('"7"'))).status).toBe(304);
      expect(logged).toEqual(['"8"', '"7"']);
    });
  });

  test('the target is what was asked for, before the application rewrote it', async () => {
    const targets: string[] = [];
    const build = (app: FastifyInstance): void => {
      app.register(
        use((exchange, next) => {
          targets.push(exchange.target);
          return next();
        }),
      );
      app.get('/new', () => 'content');
    };
    const options = { rewriteUrl: ({ url }: { url?: string | undefined }) => String(url).replace('old', 'new') };
    await serving(build, async (get) => expect((await get('/old?x')).body).toBe('content'), options);
    expect(targets).toEqual(['/old?x']);
  });

  test('a Set-Cookie that a layer sets takes the place of the one before', async () => {
    const build = (app: FastifyInstance): void => {
      const signing: Layer = async (_exchange, next) => {
        const response = await next();
        response.headers.set('Set-Cookie', `${response.headers.get('Set-Cookie')}.signed`);
        return response;
      };
      app.register(use(signing));
      app.get('/', (_request, reply) => reply.header('Set-Cookie', 'a=b').send('content'));
    };
    await serving(build, async (get) => expect((await get()).headers['set-cookie']).toEqual(['a=b.signed']));
  });
});

describe('applications that answer by themselves', () => {
  test.each<[string, boolean]>([
    ['reply.hijack()', true],
    ['reply.raw alone', false],
  ])('%s: the response goes out as it is, and the layers are told', async (_name, hijack) => {
    const told: unknown[] = [];
    const watching: Layer = (_exchange, next) =>
      next().catch((error: unknown) => {
        told.push(error);
        throw error;
      });
    const build = (app: FastifyInstance): void => {
      app.register(cacheControl({ maxAge: 60 }));
      app.register(use(watching));
      app.get('/', async (_request, reply) => {
        if (hijack) reply.hijack();
        reply.raw.writeHead(200, { 'Content-Type': 'text/plain' }).end('by hand');
      });
    };
    await serving(build, async (get) => {
      const { status, headers, body } = await get();
      expect([status, body, headers['cache-control']]).toEqual([200, 'by hand', undefined]);
      while (told.length === 0) await sleep(5);
      expect(told).toEqual([Symbol.for('unstale.gone')]);
    });
  });

  test('a stream on reply.raw reaches its client piece by piece', async () => {
    const events = new EventEmitter();
    const build = (app: FastifyInstance): void => {
      app.register(etag());
      app.get('/', async (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n');
        await once(events, 'go');
        reply.raw.end('data: 2\n\n');
      });
    };
    await serving(build, async (get) => {
      const response = await fetch(`http://127.0.0.1:${get.port}/`);
      const chunks: string[] = [];
      for await (const chunk of response.body ?? []) {
        chunks.push(Buffer.from(chunk).toString());
        events.emit('go');
      }
      expect(chunks).toEqual(['data: 1\n\n', 'data: 2\n\n']);
    });
  });

  test('a head that was sent by hand before reply.send is left alone', async () => {
    const build = (app: FastifyInstance): void => {
      app.register(etag());
      app.register(cacheControl({ maxAge: 60 }));
      app.get('/', (_request, reply) => {
        reply.raw.writeHead(200, { 'Content-Type': 'text/plain' }).flushHeaders();
        return reply.send(Readable.from(['content']));
      });
    };
    await serving(build, async (get) => {
      const { status, headers, body } = await get('/', { headers: { 'If-None-Match': '*' } });
      expect([status, body, headers.etag, headers['cache-control']]).toEqual([200, 'content', undefined, undefined]);
    });
  });

  test('a handler that takes too long is answered 503 by Fastify, also while current is asked', async () => {
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(unstale);
      const slow = async (): Promise<ReturnType<typeof v7>> => {
        await sleep(60);
        return v7();
      };
      for (const early of ['tags', 'all'] as const) {
        const own = { handlerTimeout: 20, config: { unstale: [conditional(slow, { early })] } };
        app.get(`/${early}`, own, () => 'content');
      }
      app.get('/handler', { handlerTimeout: 20, config: { unstale: [etag()] } }, async () => {
        await sleep(60);
        return 'content';
      });
    };
    await serving(build, async (get) => {
      for (const path of ['/tags', '/all', '/handler'])
        for (const tag of ['"7"', '"8"']) expect((await get(path, listing(tag))).status).toBe(503);
      await sleep(80); // what comes late does no harm
      expect((await get('/handler')).status).toBe(503);
    });
  });
});

describe('clients that leave', () => {
  test('a handler whose client has left may still finish, and the write is told', async () => {
    const events = new EventEmitter();
    const statuses: number[] = [];
    const watching: Layer = async (_exchange, next) => {
      const response = await next();
      statuses.push(response.status);
      events.emit('over');
      return response;
    };
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(use(watching));
      app.delete('/', { config: { unstale: [guard(v7)] } }, async (request, reply) => {
        events.emit('started');
        await once(guarded(request).signal, 'abort');
        guarded(request).applied();
        return reply.code(204).send();
      });
    };
    await serving(build, async (get) => {
      const [started, over] = [once(events, 'started'), once(events, 'over')];
      const socket = connect(get.port, '127.0.0.1');
      socket.write('DELETE / HTTP/1.1\r\nHost: x\r\nIf-Match: "7"\r\nContent-Length: 0\r\n\r\n');
      await started;
      socket.destroy();
      await over;
      expect(statuses).toEqual([204]);
    });
  });

  test('a stream that nobody waits for any more is closed', async () => {
    const events = new EventEmitter();
    const build = (app: FastifyInstance): void => {
      app.register(etag());
      app.get('/', (_request, reply) => {
        const endless = new Readable({
          read() {
            setTimeout(() => this.push('more '), 20);
          },
        });
        endless.once('close', () => events.emit('closed'));
        events.emit('started');
        return reply.send(endless);
      });
    };
    await serving(build, async (get) => {
      const [started, closed] = [once(events, 'started'), once(events, 'closed')];
      const socket = connect(get.port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await started;
      socket.destroy();
      expect(await closed).toEqual([]);
    });
  });
});

describe('beside other plugins', () => {
  test('@fastify/cors: 304, 412 and 428 keep its fields, and a preflight passes (Fetch §3.2)', async () => {
    const build = async (app: FastifyInstance): Promise<void> => {
      await app.register(cors, { origin: true, credentials: true, exposedHeaders: ['ETag'] });
      await app.register(etag());
      app.get('/', { config: { unstale: [conditional(v7)] } }, () => 'content');
      app.put('/', { config: { unstale: [guard(v7)] } }, () => 'content');
    };
    await serving(build, async (get) => {
      const Origin = 'https://example.org';
      for (const [method, headers, status] of [
        ['GET', { 'If-None-Match': '"7"' }, 304],
        ['PUT', { 'If-Match': '"6"' }, 412],
        ['PUT', {}, 428],
      ] as const) {
        const answer = await get('/', { method, headers: { ...headers, Origin } });
        expect([answer.status, answer.headers]).toEqual([
          status,
          expect.objectContaining({
            'access-control-allow-origin': Origin,
            'access-control-allow-credentials': 'true',
            'access-control-expose-headers': 'ETag',
            vary: 'Origin',
          }),
        ]);
      }
      const preflight = { Origin, 'Access-Control-Request-Method': 'PUT' };
      expect((await get('/', { method: 'OPTIONS', headers: preflight })).status).toBe(204);
    });
  });

  test.each(['before', 'after'])(
    '@fastify/etag registered %s ours: one tag, of whoever knows it, and our decision stands',
    async (when) => {
      const build = async (app: FastifyInstance): Promise<void> => {
        if (when === 'before') await app.register(otherEtag);
        await app.register(etag());
        if (when === 'after') await app.register(otherEtag);
        app.get('/hashed', () => 'content');
        app.get('/known', { config: { unstale: [conditional(v7)] } }, () => 'content');
        app.patch('/known', { config: { unstale: [guard(v7, { mode: 'unsafeCheckOnly' })] } }, () => 'content');
      };
      await serving(build, async (get) => {
        const hashed = String((await get('/hashed')).headers.etag);
        expect(hashed).toBe(
          when === 'before' ? `"${createHash('sha1').update('content').digest('base64')}"` : weak('content'),
        ); // the first one
        for (const tag of [hashed, `"x", ${hashed}`]) expect((await get('/hashed', listing(tag))).status).toBe(304);
        const known = await get('/known', listing('"x", "7"'));
        expect([known.status, known.headers.etag]).toEqual([304, '"7"']);
        expect((await get('/known', { method: 'PATCH', headers: { 'If-Match': '"6"' } })).status).toBe(412);
        expect((await get('/known', { method: 'PATCH', headers: { 'If-Match': '"7"' } })).status).toBe(200);
      });
    },
  );

  test.each(['before', 'after'])('@fastify/compress registered %s ours: tags name the coding', async (when) => {
    const build = async (app: FastifyInstance): Promise<void> => {
      if (when === 'before') await app.register(compress, { threshold: 0 });
      await app.register(conditional(v7));
      if (when === 'after') await app.register(compress, { threshold: 0 });
      app.get('/', () => 'content');
      app.get('/stream', (_request, reply) => reply.type('text/plain').send(Readable.from(['content'])));
    };
    await serving(build, async (get) => {
      for (const path of ['/', '/stream']) {
        const { headers } = await get(path, { headers: { 'Accept-Encoding': 'gzip' } });
        expect([headers['content-encoding'], headers.etag]).toEqual(['gzip', '"7--gzip"']);
        expect((await get(path)).headers.etag).toBe('"7"');
        const again = await get(path, { headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': '"7--gzip"' } });
        expect([again.status, again.headers.etag, again.headers.vary]).toEqual([304, '"7--gzip"', 'Accept-Encoding']);
      }
    });
  });
});

test('Fastify over HTTP/2: tags, 304 and refusals as over HTTP/1.1 (RFC 9113 §8)', async () => {
  const app = fastify({ http2: true });
  await app.register(etag());
  app.get('/x', ({ url }) => ({ path: url }));
  app.get('/stream', (_request, reply) => reply.send(Readable.from(['a', 'b'])));
  app.get('/known', { config: { unstale: [conditional(v7)] } }, () => 'content');
  app.put('/x', { config: { unstale: [guard(v7)] } }, () => 'content');
  await app.listen({ host: '127.0.0.1', port: 0 });
  const client = connectHttp2(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  const ask = async (headers: Record<string, string>): Promise<{ status: unknown; etag: unknown; body: string }> => {
    const stream = client.request({ ':path': '/x', ...headers });
    const [[fields], body] = await Promise.all([
      once(stream, 'response') as Promise<[Record<string, unknown>]>,
      Readable.from(stream).toArray(),
    ]);
    return { status: fields[':status'], etag: fields['etag'], body: Buffer.concat(body as Buffer[]).toString() };
  };
  const tag = weak('{"path":"/x"}');
  try {
    expect(await ask({})).toEqual({ status: 200, etag: tag, body: '{"path":"/x"}' });
    expect(await ask({ 'if-none-match': `"x", ${tag}` })).toEqual({ status: 304, etag: tag, body: '' });
    expect(await ask({ ':method': 'HEAD', 'if-none-match': tag })).toEqual({ status: 304, etag: tag, body: '' });
    expect(await ask({ ':path': '/stream' })).toEqual({ status: 200, etag: weak('ab'), body: 'ab' });
    expect(await ask({ ':path': '/known', 'if-none-match': '"7"' })).toEqual({ status: 304, etag: '"7"', body: '' });
    expect(await ask({ ':method': 'PUT' })).toMatchObject({ status: 428 });
    expect(await ask({ 'if-modified-since': '2099-01-01' })).toMatchObject({ status: 200 });
  } finally {
    client.close();
    await app.close();
  }
});

test('inject() of a suite gets what a client gets', async () => {
  // In a process of its own: Jest cannot load what inject() requires.
  const script = join(import.meta.dirname, 'fastify-injected.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script]);
  expect(JSON.parse(stdout)).toEqual([
    ['GET', 200, '"7"', 'content'],
    ['GET', 304, '"7"', ''],
    ['HEAD', 304, '"7"', ''],
    ['HEAD', 200, '"7"', ''],
    ['PUT', 428, null, expect.stringContaining('If-Match')],
    ['PUT', 412, '"7"', expect.stringContaining('If-Match')],
    ['PUT', 200, null, 'written'],
    ['GET', 200, weak('stream'), 'stream'],
    ['GET', 304, weak('stream'), ''],
  ]);
});
