/** A shop whose pages take long to make: each is made once, given to everybody, and made anew when its product has been written. */
import express, { type Request } from 'express';
import { Redis } from 'ioredis';
// In your own project: from 'unstale', 'unstale/express' and 'unstale/redis'.
import { cache, cacheControl, tag } from '../src/express.ts';
import { memoryResponses, responseCache, tiered, type ResponseStore } from '../src/index.ts';
import { invalidationBus, redisOptions, redisResponses } from '../src/redis.ts';
import { serve } from './catalogue/serve.ts';

const PRICES = { pear: '3', plum: '2' };

interface Shop {
  /** By names of products. */
  prices(): Promise<Record<string, string>>;
  set(name: string, price: number): Promise<unknown>;
  readonly store: ResponseStore;
  close(): void;
}

function shopInMemory(): Shop {
  const prices: Record<string, string> = { ...PRICES };
  const store = memoryResponses({ maxBytes: '64mb' });
  const set = async (name: string, price: number): Promise<unknown> => (prices[name] = String(price));
  return { store, prices: async () => ({ ...prices }), set, close: () => store.close() };
}

/** Any number of these processes share what one of them has made, and a page is made once for all of them. */
function shopInRedis(url: string): Shop {
  const redis = new Redis(url, redisOptions());
  redis.on('error', ({ message }) => console.error(`Redis: ${message}`)); // pages are made without it, of the prices of old
  const bus = invalidationBus(redis);
  const store = tiered(memoryResponses({ maxBytes: '64mb' }), redisResponses(redis, { prefix: 'shop:' }), { bus });
  return {
    store,
    prices: async () => ({ ...PRICES, ...(await redis.hgetall('shop:prices').catch(() => ({}))) }),
    set: (name, price) => redis.hset('shop:prices', name, price),
    close() {
      store.close();
      bus.close();
      redis.disconnect();
    },
  };
}

const { REDIS_URL } = process.env;
const { store, prices, set, close } = REDIS_URL ? shopInRedis(REDIS_URL) : shopInMemory();
const { invalidate, remember } = responseCache({ store });
const cached = cache({ store, query: { drop: ['utm_source'] } });

/** How often a page has been made. */
const made = new Map<string, number>();
const count = (page: string): number => {
  made.set(page, (made.get(page) ?? 0) + 1);
  return made.get(page) ?? 0;
};
const tagsOf = (products: Record<string, string>): string[] => Object.keys(products).map((name) => `product:${name}`);
const slowly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500)); // a database, a template

const app = express().disable('x-powered-by');
app.use(express.json({ limit: '16kb' }));

// For a minute everybody gets the same page; for ten more the old one at once, while a new one is made behind the answer.
const page = cacheControl({ public: true, maxAge: '1m', staleWhileRevalidate: '10m', staleIfError: '1h' });

app.get('/products', page, cached, async (req, res) => {
  const products = await prices();
  tag(req, ...tagsOf(products));
  await slowly();
  res.json({ products, made: count('/products') });
});

app.get('/products/:name', page, cached, async (req: Request<{ name: string }>, res) => {
  const { name } = req.params;
  tag(req, `product:${name}`);
  const { [name]: price } = await prices();
  await slowly();
  if (price === undefined) return void res.sendStatus(404);
  res.json({ name, price, made: count(`/products/${name}`) });
});

// The write names its tag: the list goes, too. Whoever has the answer to it reads what was written.
app.put('/products/:name', cached, async (req: Request<{ name: string }, unknown, { price?: unknown }>, res) => {
  const { name } = req.params;
  if (typeof req.body.price !== 'number') return void res.sendStatus(400);
  await set(name, req.body.price);
  tag(req, `product:${name}`);
  res.sendStatus(204);
});

// Where something else changes the data: an event, a job.
app.post('/sale', async (_req, res) => {
  const products = await prices();
  for (const [name, price] of Object.entries(products)) await set(name, Number(price) / 2);
  await invalidate({ tags: tagsOf(products) });
  res.sendStatus(204);
});

// Data that is no response: made once a minute, for all processes.
app.get('/report', cacheControl({ noStore: true }), async (_req, res) => {
  const products = await prices();
  const report = async (): Promise<object> => {
    await slowly();
    return { sum: Object.values(products).reduce((sum, price) => sum + Number(price), 0), made: count('/report') };
  };
  res.json(await remember('report', '1m', report, { tags: tagsOf(products) }));
});

app.get('/made', cacheControl({ noStore: true }), (_req, res) => {
  res.json(Object.fromEntries(made));
});

function tour(base: string): string {
  return `The shop listens on ${base}, with its pages in ${REDIS_URL ? 'Redis and in memory' : 'memory'}. Paste this into another terminal:

# a hundred visitors at once: the page takes half a second, and is made once.
seq 100 | xargs -P 100 -I% curl -s -o /dev/null ${base}/products/pear
curl -w '\\n' ${base}/made

# Cache-Status says where an answer comes from: hit, and the seconds that are left.
curl -iw '\\n\\n' ${base}/products/pear

# a write takes the page along, and the list that names the product.
curl -i -X PUT ${base}/products/pear -H 'Content-Type: application/json' -d '{"price":4}'
curl -iw '\\n' ${base}/products/pear`;
}

serve('The shop', app, close, tour);
