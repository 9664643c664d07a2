/** A handler that says everything it sees, asked with every field that anybody reads and every trick with a path: the next client sees none of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { cache, cacheControl } from '../../src/express.ts';
import { memoryResponses } from '../../src/index.ts';
import { asker, each, type Asker, type Reply } from '../cache-torture/client.ts';
import { FIELD_NAMES, TRICKS } from '../cache-torture/field-names.ts';

const EVIL = 'evil-marker';
/** They end the connection, or the request is no request. */
const NOT_SENT = new Set(['keep-alive', 'if', 'upgrade', 'expect']);

let server: Server;
let client: Asker;

beforeAll(async () => {
  const app = express();
  app.set('trust proxy', true);
  app.use(cacheControl({ public: true, maxAge: '1h' }));
  app.use(cache({ store: memoryResponses({ maxBytes: '256mb' }), query: { drop: ['utm'], sort: true } }));
  app.use((req, res) => {
    const { headers, url, originalUrl, hostname, ip, protocol, subdomains, query } = req;
    res.set('X-Reflected', JSON.stringify(headers).replaceAll(/[^\x20-\x7e]/g, '?'));
    res.json({ headers, url, originalUrl, hostname, ip, protocol, subdomains, query });
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = asker((server.address() as AddressInfo).port, 16);
});

afterAll(() => {
  client.close();
  server.closeAllConnections();
  server.close();
});

const shows = (reply: Reply): boolean => JSON.stringify([reply.headers, reply.body]).includes(EVIL);

test('there are 300 fields and 20 tricks at least', () => {
  expect([FIELD_NAMES.length >= 300, TRICKS.length >= 20]).toEqual([true, true]);
});

test.each(TRICKS)(
  '%s: none of the fields is in what the next client gets',
  async (name, trick) => {
    const names = FIELD_NAMES.filter((field) => !NOT_SENT.has(field));
    const poisoned: string[] = [];
    let hits = 0;
    await each(names.length, 16, async (i) => {
      const field = names[i] ?? '';
      const path = `/p/${TRICKS.findIndex(([each]) => each === name)}/${i}`;
      await client.ask(trick(path), { [field]: EVIL, host: `${EVIL}.example` });
      for (const target of new Set([path, trick(path)])) {
        const reply = await client.ask(target, { host: 'example.com' });
        if (shows(reply)) poisoned.push(`${field} by ${target}`);
        if (reply.headers.age !== undefined) hits++;
      }
    });
    expect(poisoned).toEqual([]);
    if (name === 'as it is') expect(hits).toBeGreaterThan(names.length * 0.9); // the cache is one
  },
  120_000,
);
