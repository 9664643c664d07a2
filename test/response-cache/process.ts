/** One of several processes that share a Redis: an Express application whose handler counts its runs there. */
import express, { type Request, type Response } from 'express';
import { Redis } from 'ioredis';
import { cache, cacheControl } from '../../src/express.ts';
import { redisResponses } from '../../src/redis.ts';

const [port, prefix = ''] = process.argv.slice(2);
const client = new Redis(Number(port), '127.0.0.1');
const store = redisResponses(client, { prefix, deadline: 5000 });
const app = express();

async function handler(req: Request, res: Response): Promise<void> {
  const run = await client.incr(`${prefix}runs:${req.path}`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  res.send(`run ${run}`);
}

app.use(cacheControl({ public: true, maxAge: '1m' }));
app.get('/brief/:name', cache({ store, lease: '1s' }), handler); // a lease that a test can wait for
app.get('/{*path}', cache({ store }), handler);

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(String(typeof address === 'object' && address?.port));
});
