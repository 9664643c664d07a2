/** What went wrong in other caches in front of handlers, by its number or by its name, on this one. What a decision alone shows is in `known-bugs.test.ts`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import { asked, served, sleep, type Options } from './served.ts';

type Listener = (req: IncomingMessage, res: ServerResponse, run: number) => unknown;
type Asked = readonly [path: string, options?: { readonly method?: string; readonly headers?: Record<string, string> }];

interface Bug {
  readonly name: string;
  readonly policy?: object;
  readonly options?: Options;
  readonly listener?: Listener;
  /** One after the other. */
  readonly asked: readonly Asked[];
  /** Status and content of each answer. */
  readonly expected: readonly string[];
}

const as = (user: string): Asked => ['/me', { headers: { Authorization: user } }];
const greeting: Listener = (req, res) => res.end(`for ${req.headers.authorization ?? 'nobody'}`);
const withFields =
  (fields: Record<string, string>): Listener =>
  (_req, res, run) => {
    for (const [name, value] of Object.entries(fields)) res.setHeader(name, value);
    res.end(`${run}`);
  };

const bugs: readonly Bug[] = [
  {
    name: 'apicache: the second POST is carried out',
    asked: [
      ['/items', { method: 'POST' }],
      ['/items', { method: 'POST' }],
    ],
    expected: ['200 1', '200 2'],
  },
  {
    name: 'apicache: a GET is not answered by what a POST answered',
    asked: [['/items', { method: 'POST' }], ['/items']],
    expected: ['200 1', '200 2'],
  },
  {
    name: "apicache, Nest, cacheable-response (apicache#225, nestjs/cache-manager#309): bob does not get alice's body",
    listener: greeting,
    asked: [as('alice'), as('bob'), ['/me']],
    expected: ['200 for alice', '200 for bob', '200 for nobody'],
  },
  {
    name: 'apicache: private, no-store is not overwritten',
    policy: {},
    listener: withFields({ 'Cache-Control': 'private, no-store' }),
    asked: [['/'], ['/']],
    expected: ['200 1', '200 2'],
  },
  {
    name: 'apicache: Vary: Accept-Language is not ignored',
    listener: withFields({ Vary: 'Accept-Language' }),
    asked: [
      ['/', { headers: { 'Accept-Language': 'de' } }],
      ['/', { headers: { 'Accept-Language': 'en' } }],
    ],
    expected: ['200 1', '200 2'],
  },
  {
    name: 'apicache: an error is not stored',
    listener: (_req, res, run) => {
      res.statusCode = run === 1 ? 500 : 200;
      return res.end(`${run}`);
    },
    asked: [['/'], ['/'], ['/']],
    expected: ['500 1', '200 2', '200 2'],
  },
  ...['x-apicache-bypass', 'x-apicache-force-fetch', 'x-middleware-subrequest', 'pragma'].map((field) => ({
    name: `apicache, CVE-2025-29927 (Next): ${field} of a client switches nothing`,
    asked: [['/'], ['/', { headers: { [field]: 'no-cache' } }]] as const,
    expected: ['200 1', '200 1'],
  })),
  {
    name: 'cacheable-response: ?force is a parameter like others',
    asked: [['/'], ['/?force=true'], ['/']],
    expected: ['200 1', '200 2', '200 1'],
  },
  {
    name: 'cacheable-response: a list of tags, and a weak one, are answered 304',
    listener: withFields({ ETag: '"t"' }),
    asked: [
      ['/'],
      ['/', { headers: { 'If-None-Match': '"z", "t"' } }],
      ['/', { headers: { 'If-None-Match': 'W/"t"' } }],
    ],
    expected: ['200 1', '304 ', '304 '],
  },
  {
    name: 'Nest CacheInterceptor: the status comes back',
    listener: (_req, res, run) => {
      res.statusCode = 203;
      return res.end(`${run}`);
    },
    asked: [['/'], ['/']],
    expected: ['203 1', '203 1'],
  },
  {
    name: 'ocache N5: GET, PUT, GET: the second GET sees what was put',
    asked: [['/r'], ['/r', { method: 'PUT' }], ['/r']],
    expected: ['200 1', '200 2', '200 3'],
  },
  {
    name: 'ocache N6: a refresh that fails does not evict the stale response',
    policy: { public: true, maxAge: 0, staleWhileRevalidate: 60, staleIfError: 60 },
    listener: (_req, res, run) => {
      res.statusCode = run === 1 ? 200 : 500;
      return res.end(`${run}`);
    },
    asked: [['/'], ['/'], ['/'], ['/']],
    expected: ['200 1', '200 1', '200 1', '200 1'],
  },
  {
    name: 'ocache: a 304 is not stored, nor sent to those who have asked for none',
    listener: (req, res) => {
      res.setHeader('ETag', '"t"');
      res.statusCode = req.headers['if-none-match'] === undefined ? 200 : 304;
      return res.end(res.statusCode === 200 ? 'whole' : '');
    },
    asked: [['/', { headers: { 'If-None-Match': '"t"' } }], ['/'], ['/']],
    expected: ['304 ', '200 whole', '200 whole'],
  },
  {
    name: 'ocache, CVE-2022-23631: names as those of Object.prototype are paths and tags like others',
    asked: [['/constructor'], ['/__proto__'], ['/constructor'], ['/__proto__']],
    expected: ['200 1', '200 2', '200 1', '200 2'],
  },
  {
    name: 'CVE-2026-24472 (Hono): private in any letter case is private',
    policy: {},
    listener: withFields({ 'Cache-Control': 'Max-Age=60, PRIVATE' }),
    asked: [['/'], ['/']],
    expected: ['200 1', '200 2'],
  },
  {
    name: 'CVE-2025-48947 (Auth0), CVE-2005-0626 (Squid): a response with Set-Cookie is for one client',
    listener: withFields({ 'Set-Cookie': 'sid=1' }),
    asked: [['/'], ['/']],
    expected: ['200 1', '200 2'],
  },
  {
    name: 'CVE-2024-46982, CVE-2025-32421 (Next), CVE-2025-43865 (React Router): a field that the key does not cover changes nothing',
    listener: (req, res) =>
      res.end(String(req.headers['x-now-route-matches'] ?? req.headers['x-react-router-prerender-data'])),
    asked: [['/', { headers: { 'X-Now-Route-Matches': '1', 'X-React-Router-Prerender-Data': 'evil' } }], ['/']],
    expected: ['200 undefined', '200 undefined'],
  },
  {
    name: 'CVE-2016-10002 (Squid): conditions of a client do not reach what is stored',
    listener: (req, res) => res.end(String(req.headers['if-modified-since'])),
    asked: [['/', { headers: { 'If-Modified-Since': 'Mon, 01 Jan 2001 00:00:00 GMT' } }], ['/']],
    expected: ['200 undefined', '200 undefined'],
  },
];

test.each(bugs)(
  '$name',
  async ({ policy = { public: true, maxAge: 60 }, options, listener, asked: requests, expected }) => {
    await asked(served(policy, options, listener), async ({ get }) => {
      const answers: string[] = [];
      for (const request of requests) {
        const { status, body } = await get(...request);
        answers.push(`${status} ${body}`);
      }
      expect(answers).toEqual(expected);
    });
  },
);

test('Nest CacheInterceptor: twenty at once make the handler run once', async () => {
  const slow: Listener = async (_req, res, run) => {
    await sleep(100);
    res.end(`${run}`);
  };
  await asked(served({ public: true, maxAge: 60 }, {}, slow), async ({ get, runs }) => {
    await Promise.all(Array.from({ length: 20 }, () => get()));
    expect(runs()).toBe(1);
  });
});

test('CVE-2026-94544 (Next), CVE-2016-10003 (Squid): those at once with credentials share nothing', async () => {
  const slow: Listener = async (req, res) => {
    await sleep(50);
    greeting(req, res, 0);
  };
  await asked(served({ public: true, maxAge: 60 }, {}, slow), async ({ get }) => {
    const users = Array.from({ length: 30 }, (_, i) => `user ${i}`);
    const answers = await Promise.all(users.map((user) => get(...as(user))));
    expect(answers.map(({ body }) => body)).toEqual(users.map((user) => `for ${user}`));
  });
});

test('CVE-2025-4366 (Pingora): the content of a request that a hit answers is not taken for the next request', async () => {
  await asked(served({ public: true, maxAge: 60 }), async ({ get }) => {
    const { connect } = await import('node:net');
    await get('/a');
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
    const raw = `GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(get.port, '127.0.0.1', () => socket.write(raw));
      socket.on('data', (bytes) => (received += bytes.toString()));
      socket.on('close', () => resolve(received));
    });
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(2);
  });
});
