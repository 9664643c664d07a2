/** The contract on one Redis, with ioredis 5. */
import { afterAll, beforeAll } from '@jest/globals';
import { Redis } from 'ioredis5';
import { startRestartableServer, type RestartableServer } from '../support/restartable-server.ts';
import { testStore } from './contract.ts';
import { lossesOf } from './losses-of-redis.ts';
import { patient, redisKit } from './redis-kit.ts';

let server: RestartableServer;

beforeAll(async () => {
  server = await startRestartableServer();
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(() => server.stop());

testStore(
  redisKit(
    'Redis, ioredis 5',
    () => new Redis({ ...patient, host: '127.0.0.1', port: server.port }),
    lossesOf(() => server),
  ),
);
