/** A handler that says everything it sees, asked with every field that anybody reads and every trick with a path. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { cache, cacheControl } from '../../src/express.ts';
import { memoryResponses } from '../../src/index.ts';
import { asker, each, type Reply } from './client.ts';
import { FIELD_NAMES, TRICKS } from './field-names.ts';

export interface Target {
  /** Sends each of these fields with the trick of this number, and gives what later clients get of it; and how many of them got a hit. */
  attack(
    trick: number,
    fields: readonly string[],
  ): Promise<{ readonly poisoned: readonly string[]; readonly hits: number }>;
  close(): void;
}

const EVIL = 'evil-marker';
/** They end the connection, or the request is no request. */
const NOT_SENT = new Set(['keep-alive', 'if', 'upgrade', 'expect']);
export const SENT: readonly string[] = FIELD_NAMES.filter((field) => !NOT_SENT.has(field));

const shows = (reply: Reply): boolean => JSON.stringify([reply.headers, reply.body]).includes(EVIL);

export async function target(): Promise<Target> {
  const app = express();
  app.set('trust proxy', true);
  app.use(cacheControl({ public: true, maxAge: '1h' }));
  app.use(cache({ store: memoryResponses({ maxBytes: '256mb' }), query: { drop: ['utm'], sort: true } }));
  app.use((req, res) => {
    const { headers, url, originalUrl, hostname, ip, protocol, subdomains, query } = req;
    res.set('X-Reflected', JSON.stringify(headers).replaceAll(/[^\x20-\x7e]/g, '?'));
    res.json({ headers, url, originalUrl, hostname, ip, protocol, subdomains, query });
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const client = asker(16);
  return {
    async attack(number, fields) {
      const [, trick] = TRICKS[number] ?? ['', (path: string) => path];
      const poisoned: string[] = [];
      let hits = 0;
      await each(fields.length, 16, async (i) => {
        const field = fields[i] ?? '';
        const path = `/p/${number}/${i}`;
        await client.ask(port, trick(path), { [field]: EVIL, host: `${EVIL}.example` });
        for (const asked of new Set([path, trick(path)])) {
          const reply = await client.ask(port, asked, { host: 'example.com' });
          if (shows(reply)) poisoned.push(`${field} by ${asked}`);
          if (reply.headers.age !== undefined) hits++;
        }
      });
      return { poisoned, hits };
    },
    close() {
      client.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
