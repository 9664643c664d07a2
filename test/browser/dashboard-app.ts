/** A shop of a few routes on Express, its dashboard behind a token, and an operator in front of it. */
import { once } from 'node:events';
import { channel } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import makeExpress from 'express';
import type { Browser } from 'playwright-core';
import { cache, cacheControl, conditional, dashboard, etag, guard } from '../../src/express.ts';
import { memoryResponses, version, type Events } from '../../src/index.ts';
import { PASSED } from '../dashboard/traffic.ts';
import { visit, type Visit, type VisitOptions } from './support/browser.ts';

export interface Shop {
  readonly base: string;
  /** Whether the operator's token is good. */
  letIn(yes: boolean): void;
  /** Answers nothing, as if the process were gone, until it is called again. */
  hang(yes: boolean): void;
  close(): Promise<void>;
}

export async function openShop(): Promise<Shop> {
  let [admitting, hanging] = [true, false];
  const app = makeExpress();
  const article = (): ReturnType<typeof version> => version(7);
  app.use((req, _res, next) => (hanging ? req.socket.destroy() : next()));
  app.use('/unstale', dashboard({ authorize: (req) => admitting && req.get('authorization') === 'Bearer operator' }));
  app.use(etag());
  app
    .route('/articles/:id')
    .get(cacheControl({ public: true, maxAge: '1m' }), conditional(article), (_req, res) => void res.json({ id: 7 }))
    .put(guard(article, { mode: 'unsafeCheckOnly' }), (_req, res) => void res.sendStatus(204));
  app.get(
    '/lists/:page',
    cache({ store: memoryResponses({ maxBytes: '1mb' }) }),
    cacheControl({ public: true, maxAge: '1m' }),
    (_req, res) => void res.json(['a', 'b']),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    letIn: (yes) => void (admitting = yes),
    hang: (yes) => void (hanging = yes),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An operator's visit, with the token. */
export function operate(browser: Browser, shop: Shop, options: VisitOptions = {}): Promise<Visit> {
  return visit(browser, `${shop.base}/unstale`, {
    extraHTTPHeaders: { authorization: 'Bearer operator' },
    viewport: { width: 1280, height: 860 },
    ...options,
  });
}

/** An event of the package, from somewhere else in the process. */
export function publish<Name extends keyof Events>(name: Name, event: Events[Name]): void {
  channel(`unstale:${name}`).publish(event);
}

export function publishExchange(seen: Partial<Events['exchange']>): void {
  publish('exchange', { ...PASSED, target: '/secret?user=7', native: {}, ...seen });
}
