/** The server behind `store-outage.ts`: a resource whose version is kept in Redis. */
import express from 'express';
import { Redis } from 'ioredis';
import { conditional } from '../src/express.ts';
import { counter } from '../src/index.ts';
import { redisOptions, redisVersions } from '../src/redis.ts';

const client = new Redis(Number(process.argv[2]), '127.0.0.1', redisOptions());
client.on('error', () => undefined); // what a request sees of it is measured
const versions = redisVersions(client, { lease: 1000 });
const article = counter(versions, () => 'article:1', { load: () => ({ text: 'x'.repeat(1024) }) });
const app = express();
app.get('/', conditional(article), (_req, res) => void res.json({ text: 'x'.repeat(1024) }));
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address ? address.port : 0);
});
process.on('message', () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage.rss());
});
process.on('disconnect', () => process.exit());
