/** One of several processes with the application of the torture: near store, Redis, and messages. Its arguments are the port of Redis and a prefix. */
import { Redis } from 'ioredis';
import { memoryResponses, tiered } from '../../src/index.ts';
import { invalidationBus, redisOptions, redisResponses } from '../../src/redis.ts';
import { application } from './application.ts';

const [redis, prefix = ''] = process.argv.slice(2);
const client = new Redis({ ...redisOptions(), host: '127.0.0.1', port: Number(redis) });
client.on('error', () => undefined); // of a server that is not there
const store = tiered(memoryResponses({ maxBytes: '32mb' }), redisResponses(client, { prefix, deadline: 50 }), {
  bus: invalidationBus(client, { channel: `${prefix}bus`, beat: 200 }),
});

const server = application(store).listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(String(typeof address === 'object' && address?.port));
});
