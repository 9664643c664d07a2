/** One of several processes that share a Redis: an Express application whose handler counts its runs there. */
import express from 'express';
import { Redis } from 'ioredis';
import { cache, cacheControl } from '../../src/express.ts';
import { redisResponses } from '../../src/redis.ts';

const [port, prefix = ''] = process.argv.slice(2);
const client = new Redis(Number(port), '127.0.0.1');
const store = redisResponses(client, { prefix, deadline: 5000 });
const app = express();

app.get('/{*path}', cacheControl({ public: true, maxAge: '1m' }), cache({ store }), async (req, res) => {
  const run = await client.incr(`${prefix}runs:${req.path}`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  res.send(`run ${run}`);
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(String(typeof address === 'object' && address?.port));
});
