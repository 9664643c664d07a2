import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Stream } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import makeTag from 'etag';
import fastify, { type FastifyPluginCallback, type FastifyReply } from 'fastify';
import { isContent } from '../../src/exchange.ts';
import { cacheControl, conditional, etag, use } from '../../src/fastify.ts';
import { version, type EtagOptions, type HttpResponse, type Layer } from '../../src/index.ts';
import { clientOf, type Client } from '../support/exchange.ts';

const weak = (content: string): string => makeTag(content, { weak: true });

type Send = (reply: FastifyReply) => unknown;

async function serving(
  middlewares: readonly FastifyPluginCallback[],
  send: Send,
  prove: (get: Client) => Promise<void>,
): Promise<void> {
  const app = fastify();
  for (const middleware of middlewares) app.register(middleware);
  app.get('/', (_request, reply) => send(reply));
  await app.ready();
  const client = await clientOf(app.server);
  try {
    await prove(client);
  } finally {
    await client.close();
    await app.close();
  }
}

/** Fastify's own answer, without us: what ours has to equal but for the tag. */
async function plain(send: Send): Promise<{ type: string | undefined; text: string }> {
  let answer = { type: undefined as string | undefined, text: '' };
  await serving([], send, async (get) => {
    const { headers, body: text } = await get();
    answer = { type: headers['content-type'], text };
  });
  return answer;
}

/** A stream that knows `pipe` and nothing else of today's streams. */
function oldStream(content: string): Stream {
  return Object.assign(new Stream(), {
    pipe(destination: NodeJS.WritableStream) {
      destination.end(content);
      return destination;
    },
  });
}

/** Chunks with pauses in milliseconds between them. */
async function* slowly(...parts: readonly (string | number)[]): AsyncGenerator<string> {
  for (const part of parts) {
    if (typeof part === 'number') await sleep(part);
    else yield part;
  }
}

const root = mkdtempSync(join(tmpdir(), 'fastify-'));
const file = join(root, 'file.txt');
writeFileSync(file, 'hello world');
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('payloads of every kind (RFC 9110 §8.8.3)', () => {
  const KINDS: readonly [name: string, send: Send, content: string][] = [
    ['a string', () => 'liberté', 'liberté'],
    ['an empty string', (reply) => reply.send(''), ''],
    ['HTML', (reply) => reply.type('text/html').send('<p>x</p>'), '<p>x</p>'],
    ['a Buffer', () => Buffer.from('bytes'), 'bytes'],
    ['a Uint8Array', () => new TextEncoder().encode('octets'), 'octets'],
    ['an object', () => ({ a: [1, 'é'] }), '{"a":[1,"é"]}'],
    ['a list, by promise', async () => [1, 2], '[1,2]'],
    ['a number', () => 5, '5'],
    ['null', () => null, 'null'],
    ['a Readable', () => Readable.from(['a', Buffer.from('b')]), 'ab'],
    ['a Readable with an encoding', () => Readable.from([Buffer.from('é')]).setEncoding('utf8'), 'é'],
    ['an empty Readable', () => Readable.from([]), ''],
    ['a PassThrough', () => new PassThrough().end('through'), 'through'],
    ['a file stream', () => createReadStream(file), 'hello world'],
    ['a part of a file stream', () => createReadStream(file, { start: 6 }), 'world'],
    ['a web ReadableStream', (reply) => reply.send(new Blob(['web']).stream()), 'web'],
    ['a Response', () => new Response('response', { headers: { 'Content-Type': 'text/x-response' } }), 'response'],
  ];

  test.each(KINDS)('%s is tagged by its content, and sent as Fastify sends it', async (_name, send, content) => {
    const expected = await plain(send);
    await serving([etag()], send, async (get) => {
      const { headers, body: text } = await get();
      expect([headers.etag, text, headers['content-type']]).toEqual([weak(content), content, expected.type]);
      expect([text, headers['content-length']]).toEqual([expected.text, String(Buffer.byteLength(content))]);
      const again = await get('/', { headers: { 'If-None-Match': weak(content) } });
      expect([again.status, again.headers['content-type'], again.headers['content-length']]).toEqual([
        304,
        undefined,
        undefined,
      ]);
      const head = await get('/', { method: 'HEAD' });
      expect([head.headers.etag, head.headers['content-length']]).toEqual([weak(content), headers['content-length']]);
    });
  });

  test.each<[string, Send]>([
    ['a string', () => '01234567890123456789'],
    ['a Buffer', () => Buffer.from('01234567890123456789')],
    ['an object', () => ({ a: '0123456789' })],
    ['a Readable', () => Readable.from(['0123456789', '0123456789'])],
    ['a Readable of many chunks', () => Readable.from('01234567890123456789'.split(''))],
    ['a Readable with an encoding', () => createReadStream(file, { encoding: 'utf8', highWaterMark: 2 })],
    ['a web ReadableStream', (reply) => reply.send(new Blob(['01234567890123456789']).stream())],
    ['a Response', () => new Response('01234567890123456789')],
    ['a stream of the old kind', (reply) => reply.send(oldStream('01234567890123456789'))],
  ])('%s over the limit arrives whole and untagged', async (_name, send) => {
    const { text } = await plain(send);
    await serving([etag({ limit: 5 })], send, async (get) => {
      const { headers, body } = await get();
      expect([body, headers.etag]).toEqual([text, undefined]);
    });
  });

  test('the status and the fields of a Response are those that the layers see', async () => {
    const send = (): Response =>
      new Response('gone', {
        status: 404,
        headers: [
          ['ETag', '"own"'],
          ['Set-Cookie', 'a=b'],
          ['Set-Cookie', 'c=d'],
        ],
      });
    await serving([cacheControl({ public: true, maxAge: 5 }), etag()], send, async (get) => {
      const { status, headers, body } = await get('/', { headers: { 'If-None-Match': '"own"' } });
      expect([status, headers['cache-control'], body]).toEqual([404, 'no-store', 'gone']);
      expect(headers['set-cookie']).toEqual(['a=b', 'c=d']);
    });
  });

  test('a Response without a body, and a reply without a payload, are no content: neither tag nor comparison', async () => {
    for (const send of [() => new Response(null), (reply: FastifyReply) => reply.send()] satisfies Send[]) {
      await serving([etag()], send, async (get) => {
        const { status, headers, body } = await get('/', { headers: { 'If-None-Match': '"x"' } });
        expect([status, body, headers['content-length']]).toEqual([200, '', '0']);
        expect(headers).not.toHaveProperty('etag');
      });
    }
  });

  test.each<[string, Send]>([
    ['a Response that has been read', () => read(new Response('content'))],
    ['a web stream that has a reader', (reply) => reply.send(locked(new Blob(['content']).stream()))],
  ])('%s, which Fastify cannot send, fails as it does without us', async (_name, send) => {
    const answers: unknown[] = [];
    for (const middlewares of [[], [etag()]])
      await serving(middlewares, send, async (get) => {
        const answer = await get().catch(() => undefined);
        answers.push(answer?.status);
        const { status } = await get('/unknown');
        expect(status).toBe(404); // the server goes on
      });
    expect(answers[1]).toBe(answers[0]);
    expect(answers[0]).not.toBe(200);
  });
});

test('a field that cannot be sent is answered 500, and the server goes on', async () => {
  const send: Send = (reply) => reply.header('X-Invalid', 'a\nb').send('content');
  await serving([etag()], send, async (get) => {
    expect((await get()).status).toBe(500);
    expect((await get('/unknown')).status).toBe(404);
  });
});

describe('streams', () => {
  test.each<[string, EtagOptions, () => AsyncGenerator<string>]>([
    ['that takes its time', {}, () => slowly('0123', 200, '4567')],
    ['that says nothing at first', {}, () => slowly(200, '01234567')],
    ['over the limit', { limit: 5 }, () => slowly('0123', '4567')],
  ])('a stream %s keeps the Content-Length that its handler gave', async (_name, options, parts) => {
    const send: Send = (reply) => reply.header('Content-Length', 8).send(Readable.from(parts()));
    await serving([etag(options)], send, async (get) => {
      const { headers, body } = await get();
      expect([headers['content-length'], headers.etag, body]).toEqual(['8', undefined, '01234567']);
    });
  });

  test('two middlewares that want the body of a slow stream wait for it once', async () => {
    const waits: number[] = [];
    const reading: Layer = async (_exchange, next) => {
      const response = await next();
      const before = performance.now();
      const { body } = response;
      expect(isContent(body) ? body : await body?.content(1000)).toBeUndefined();
      waits.push(performance.now() - before);
      return response;
    };
    const send = (): Readable => Readable.from(slowly('first ', 400, 'last'));
    await serving([use(reading), use(reading)], send, async (get) => expect((await get()).body).toBe('first last'));
    expect(waits[1]).toBeLessThan(50);
  });

  test.each([
    ['before the limit', 'x', 500],
    ['after it', 'x'.repeat(100), undefined],
  ])('a stream that fails %s fails the response', async (_when, start, status) => {
    const send: Send = () =>
      Readable.from(
        (async function* () {
          yield start;
          await new Promise(setImmediate);
          throw new Error('thrown on purpose');
        })(),
      );
    await serving([etag({ limit: 50 })], send, async (get) => {
      const answer = await get().catch(() => undefined);
      expect(answer?.status).toBe(status);
    });
  });

  test('a stream that fails while a layer is busy elsewhere fails the response, not the process', async () => {
    const busy: Layer = async (_exchange, next) => {
      const response = await next();
      await sleep(50);
      return response;
    };
    await serving(
      [use(busy)],
      () => createReadStream(join(root, 'missing')),
      async (get) => {
        expect((await get()).status).toBe(500);
      },
    );
  });

  test.each<[string, Layer | undefined]>([
    ['that nobody has read', undefined],
    [
      'that was given back half-way',
      async (_exchange, next) => {
        const response = await next();
        if (!isContent(response.body)) await response.body?.content(3);
        return response;
      },
    ],
    [
      'whose response a layer fails',
      async (_exchange, next) => {
        await next();
        throw new Error('thrown on purpose');
      },
    ],
  ])('a stream %s is destroyed when it is not sent, so that its file is closed', async (_name, layer) => {
    const streams: Readable[] = [];
    const send = (): Readable => {
      const stream = createReadStream(file, { highWaterMark: 2 });
      streams.push(stream);
      return stream;
    };
    const middlewares = [conditional(() => version(7)), ...(layer ? [use(layer)] : [])];
    await serving(middlewares, send, async (get) => {
      expect((await get('/', { headers: { 'If-None-Match': '*' } })).status).not.toBe(200);
      const [stream] = streams;
      if (stream && !stream.closed) await once(stream, 'close');
      expect(stream?.destroyed).toBe(true);
    });
  });

  test('a web stream that is not sent is cancelled', async () => {
    const reasons: string[] = [];
    const send: Send = (reply) =>
      reply.send(
        new ReadableStream({
          pull: (controller) => controller.enqueue(Buffer.from('x')),
          cancel: () => void reasons.push('cancelled'),
        }),
      );
    await serving([conditional(() => version(7))], send, async (get) => {
      expect((await get('/', { headers: { 'If-None-Match': '*' } })).status).toBe(304);
      expect(reasons).toEqual(['cancelled']);
    });
  });

  test('a stream that is over before it is asked for has no bytes left', async () => {
    const send = async (): Promise<Readable> => {
      const stream = Readable.from(['content']);
      await stream.toArray();
      return stream;
    };
    await serving([etag()], send, async (get) => {
      const answer = await get().catch(() => undefined);
      expect(answer?.body ?? '').not.toContain('content');
    });
  });
});

describe('answers of layers', () => {
  const answering =
    (make: (given: HttpResponse) => Partial<HttpResponse>): Layer =>
    async (_exchange, next) => {
      const given = await next();
      return { ...given, ...make(given) };
    };

  test('a text in place of a longer payload has its own length', async () => {
    const middlewares = [use(answering(() => ({ body: 'né' })))];
    const send: Send = (reply) => reply.header('Content-Length', 12).send('long content');
    await serving(middlewares, send, async (get) => {
      for (const method of ['GET', 'HEAD']) {
        const { headers, body } = await get('/', { method });
        expect([headers['content-length'], body]).toEqual(['3', method === 'GET' ? 'né' : '']);
      }
    });
  });

  test('the trailers of a payload go with it, and stay where it is sent (RFC 9110 §6.5)', async () => {
    const send: Send = (reply) => reply.trailer('X-Sum', async () => 'sum').send('content');
    await serving([etag()], send, async (get) => {
      expect((await get()).headers).toMatchObject({ trailer: 'x-sum', 'transfer-encoding': 'chunked' });
      const { status, headers } = await get('/', { headers: { 'If-None-Match': '*' } });
      expect([status, headers.trailer, headers['transfer-encoding']]).toEqual([304, undefined, undefined]);
    });
    await serving([use(answering(() => ({ body: 'other' })))], send, async (get) => {
      const { headers, body } = await get();
      expect([body, headers['content-length'], headers.trailer]).toEqual(['other', '5', undefined]);
    });
  });

  test('nothing in place of a payload is no content', async () => {
    const middlewares = [use(answering(() => ({ status: 204, body: null })))];
    await serving(
      middlewares,
      () => 'content',
      async (get) => {
        const { status, headers, body } = await get();
        expect([status, headers['content-length'], body]).toEqual([204, undefined, '']);
      },
    );
  });

  test('another status leaves the payload as it is', async () => {
    const middlewares = [use(answering(() => ({ status: 203 })))];
    await serving(
      middlewares,
      () => ({ a: 1 }),
      async (get) => {
        const { status, body } = await get();
        expect([status, body]).toEqual([203, '{"a":1}']);
      },
    );
  });
});

async function read(response: Response): Promise<Response> {
  await response.text();
  return response;
}

function locked(stream: ReadableStream): ReadableStream {
  stream.getReader();
  return stream;
}
