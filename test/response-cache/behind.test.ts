/** Renewing behind the answer on each kind of server; on every framework it is tested by the rows of the contract. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  connect,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, jest, test } from '@jest/globals';
import { memoryResponses } from '../../src/index.ts';
import { cache, cacheControl } from '../../src/node.ts';
import * as forWeb from '../../src/web.ts';
import { clientOf } from '../support/exchange.ts';
import { CERTIFICATE, KEY } from '../testing/certificate.ts';
import { asked, served, sleep } from './served.ts';

const STALE = { public: true, maxAge: 0, staleWhileRevalidate: 60 };
const options = (): { store: ReturnType<typeof memoryResponses>; jitter: 0; earlyRefresh: false } => ({
  store: memoryResponses({ maxBytes: '1mb' }),
  jitter: 0,
  earlyRefresh: false,
});

/** What the second and, when there has been time for it, the third of three requests get. */
async function secondAndThird(get: () => Promise<string>): Promise<readonly string[]> {
  await get();
  const second = await get();
  await sleep(300);
  return [second, await get()];
}

test('over TLS the request comes by a connection that is taken for encrypted, from the same client', async () => {
  let runs = 0;
  const seen: unknown[] = [];
  const server = createHttpsServer(
    { key: KEY, cert: CERTIFICATE },
    cacheControl(STALE)(
      cache(options())((req: IncomingMessage, res: ServerResponse) => {
        const { remoteAddress, encrypted } = req.socket as typeof req.socket & { encrypted?: boolean };
        seen.push([remoteAddress, encrypted]);
        res.end(`answer ${++runs}`);
      }),
    ),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const get = async (): Promise<string> => {
    const asking = httpsRequest({ port, host: '127.0.0.1', rejectUnauthorized: false, agent: false }).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    return Buffer.concat(await answer.toArray()).toString();
  };
  expect(await secondAndThird(get)).toEqual(['answer 1', 'answer 2']);
  expect(new Set(seen.map(String))).toEqual(new Set(['127.0.0.1,true']));
  server.closeAllConnections();
  server.close();
});

test('over HTTP/2 one request waits for the new response', async () => {
  let runs = 0;
  const inner = cache(options())((_req: Http2ServerRequest, res: Http2ServerResponse) => res.end(`answer ${++runs}`));
  const server = createHttp2Server(cacheControl(STALE)(inner)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const get = async (): Promise<string> => {
    let text = '';
    for await (const bytes of session.request({ ':path': '/' })) text += String(bytes);
    return text;
  };
  expect(await secondAndThird(get)).toEqual(['answer 2', 'answer 3']);
  session.close();
  server.close();
});

test('what is fresh and due is renewed behind the answer, too', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(1 - 1e-9); // due at once
  const slow = async (_req: unknown, res: ServerResponse, run: number): Promise<void> => {
    await sleep(run === 1 ? 500 : 100);
    res.end(`answer ${run}`);
  };
  await asked(served({ public: true, maxAge: 5 }, { earlyRefresh: true }, slow), async ({ get }) => {
    await get();
    const { body, headers } = await get();
    expect([body, headers['cache-status']]).toEqual(['answer 1', expect.stringMatching(/^unstale;hit;ttl=[45]$/)]);
    await sleep(500);
    expect((await get()).body).toBe('answer 2');
  });
});

test('one that is never answered counts as lost after the lease, and another one is run', async () => {
  const hanging = (_req: unknown, res: ServerResponse, run: number): void => {
    if (run !== 2) res.end(`answer ${run}`);
  };
  await asked(served(STALE, { lease: 200 }, hanging), async ({ get }) => {
    await get();
    expect([(await get()).body, (await get()).body]).toEqual(['answer 1', 'answer 1']);
    await sleep(300);
    expect((await get()).body).toBe('answer 1');
    await sleep(300);
    expect((await get()).body).toBe('answer 3');
  });
});

test('on the Web the platform is told to wait for it, where it can be told', async () => {
  let runs = 0;
  const told: Promise<unknown>[] = [];
  const platform = { waitUntil: (promise: Promise<unknown>): unknown => told.push(promise) };
  const handle = forWeb.cacheControl(STALE)(
    forWeb.cache(options())((_request: Request, _env: object, _platform: object) => new Response(`answer ${++runs}`)),
  );
  const get = async (): Promise<string> => (await handle(new Request('http://x/'), {}, platform)).text();
  expect(await secondAndThird(get)).toEqual(['answer 1', 'answer 2']);
  expect(told.length).toBeGreaterThan(0);
  await Promise.all(told);
});

test('middlewares around the cache see it as a request of the same client, without its conditions', async () => {
  const seen: string[] = [];
  const inner = cacheControl(STALE)(
    cache(options())((_req: IncomingMessage, res: ServerResponse) => {
      res.setHeader('ETag', '"v1"');
      res.end('text');
    }),
  );
  const server = createServer((req, res) => {
    const { remoteAddress } = req.socket;
    seen.push(
      [remoteAddress, req.url, req.headers['user-agent'], req.headers['if-none-match'], req.headers['x-two']].join(),
    );
    return inner(req, res);
  });
  const get = await clientOf(server);
  try {
    await get('/a?b');
    seen.length = 0;
    const headers = { 'User-Agent': 'mine', 'If-None-Match': '"v1"', 'X-Two': ['1', '2'] };
    expect((await get('/a?b', { headers })).status).toBe(304);
    await sleep(200);
    expect(seen).toEqual(['127.0.0.1,/a?b,mine,"v1",1, 2', '127.0.0.1,/a?b,mine,,1, 2']);
  } finally {
    await get.close();
  }
});
