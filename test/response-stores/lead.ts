/** A process that leads the fill of a key, says so, and does nothing more. */
import { Redis } from 'ioredis';
import { redisResponses } from '../../src/response-stores/redis-responses.ts';

const [port, prefix, key, lease] = process.argv.slice(2);
const client = new Redis(Number(port), '127.0.0.1');
const { leads } = await redisResponses(client, { prefix: prefix ?? '', deadline: 5000 }).fill(key ?? '', Number(lease));
process.stdout.write(leads ? 'leads' : 'does not lead');
