/** What a response cache in front of an Express handler does in the situations in which caches go wrong. */
import { createServer } from 'node:http';
import apicache from 'apicache';
import express, { type RequestHandler } from 'express';
import { cache } from '../../src/express.ts';
import { memoryResponses } from '../../src/index.ts';
import { clientOf, type Client } from '../support/exchange.ts';

export const CACHES = ['apicache', 'unstale'] as const;
export type Cache = (typeof CACHES)[number];

const MADE: Readonly<Record<Cache, () => RequestHandler>> = {
  apicache: () => apicache.newInstance().middleware('1 minute'), // it leaves timers that nothing clears: end the process
  unstale: () => cache({ store: memoryResponses({ maxBytes: '1mb' }) }),
};

export interface Situation {
  readonly what: string;
  prove(cache: Cache): Promise<boolean>;
}

interface Scene {
  /** How often the handler ran. */
  runs: number;
  readonly ask: Client;
}

/** A route behind the cache; `answer` is its handler. */
function situation(
  what: string,
  answer: (...args: [...Parameters<RequestHandler>, Scene]) => unknown,
  holds: (scene: Scene) => Promise<boolean>,
): Situation {
  return {
    what,
    async prove(name) {
      const app = express();
      const counted: { runs: number; ask?: Client } = { runs: 0 };
      app.all('/x', MADE[name](), (req, res, next) => {
        counted.runs++;
        return answer(req, res, next, counted as Scene); // there is a client by now
      });
      const ask = await clientOf(createServer(app));
      counted.ask = ask;
      try {
        return await holds(counted as Scene); // it was set just now
      } finally {
        await ask.close();
      }
    },
  };
}

const FRESH = 'public, max-age=60';
const as = (user: string): { headers: Record<string, string> } => ({ headers: { Authorization: user } });

export const SITUATIONS: readonly Situation[] = [
  situation(
    'A response that may be stored answers the second request',
    (_req, res) => void res.set('Cache-Control', FRESH).send('content'),
    async (scene) => (await scene.ask('/x'), (await scene.ask('/x')).body === 'content' && scene.runs === 1),
  ),
  situation(
    'Two users of one URL get each his own answer',
    (req, res) => void res.send(`for ${req.get('Authorization')}`),
    async ({ ask }) => (await ask('/x', as('alice')), (await ask('/x', as('bob'))).body === 'for bob'),
  ),
  situation(
    '`Cache-Control: private, no-store` of the handler is obeyed, and leaves as it is',
    (_req, res) => void res.set('Cache-Control', 'private, no-store').send('content'),
    async (scene) => {
      const { headers } = await scene.ask('/x');
      await scene.ask('/x');
      return scene.runs === 2 && headers['cache-control'] === 'private, no-store';
    },
  ),
  situation(
    'The cookie that one client was given is given to no other',
    (_req, res, _next, scene) => void res.set('Cache-Control', FRESH).cookie('sid', String(scene.runs)).send('content'),
    async ({ ask }) => {
      const first = (await ask('/x')).headers['set-cookie'];
      return String((await ask('/x')).headers['set-cookie']) !== String(first);
    },
  ),
  situation(
    'A second POST is carried out',
    (_req, res) => void res.set('Cache-Control', FRESH).send('written'),
    async (scene) => {
      for (let i = 0; i < 2; i++) await scene.ask('/x', { method: 'POST' });
      return scene.runs === 2;
    },
  ),
  situation(
    'After a PUT that succeeds the next GET is of the new state',
    (req, res, _next, scene) =>
      void res.set('Cache-Control', FRESH).send(req.method === 'PUT' ? 'written' : `state ${scene.runs}`),
    async ({ ask }) => {
      const before = (await ask('/x')).body;
      await ask('/x', { method: 'PUT' });
      return (await ask('/x')).body !== before;
    },
  ),
  situation(
    'A 500 is not stored',
    (_req, res) => void res.status(500).send('failed'),
    async (scene) => (await scene.ask('/x'), await scene.ask('/x'), scene.runs === 2),
  ),
  situation(
    '`Vary: Accept-Language` keeps two languages apart',
    (req, res) =>
      void res.set({ 'Cache-Control': FRESH, Vary: 'Accept-Language' }).send(`in ${req.get('Accept-Language')}`),
    async ({ ask }) => {
      const first = await ask('/x', { headers: { 'Accept-Language': 'fr' } });
      const second = await ask('/x', { headers: { 'Accept-Language': 'de' } });
      return first.body !== second.body || !second.body.includes('fr');
    },
  ),
  situation(
    'A weak tag, or a list, in If-None-Match is answered 304 from what is stored',
    (_req, res) => void res.set({ 'Cache-Control': FRESH, ETag: '"v1"' }).send('content'),
    async ({ ask }) => {
      await ask('/x');
      const { status } = await ask('/x', { headers: { 'If-None-Match': '"v0", W/"v1"' } });
      return status === 304;
    },
  ),
  situation(
    'Of twenty requests at once the handler runs for one',
    async (_req, res) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      res.set('Cache-Control', FRESH).send('content');
    },
    async (scene) => {
      await Promise.all(Array.from({ length: 20 }, () => scene.ask('/x')));
      return scene.runs === 1;
    },
  ),
];
