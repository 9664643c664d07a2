/** The contract on one Redis: ioredis 6 in RESP3 and RESP2, ioredis 5, and clients with odd options. */
import { afterAll, beforeAll } from '@jest/globals';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { findRedisBinary, startServer, type RunningServer } from '../support/redis-server.ts';
import { patient } from '../stores/redis-kit.ts';
import { testStore } from './contract.ts';
import { redisKit } from './redis-kit.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer(findRedisBinary());
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(() => server.stop());

const at = (more: object = {}): object => ({ ...patient, host: '127.0.0.1', port: server.port, ...more });

testStore(redisKit('Redis, RESP3', () => new Redis(at({ protocol: 3 }))));
testStore(redisKit('Redis, RESP2', () => new Redis(at({ protocol: 2 }))));
testStore(redisKit('Redis, ioredis 5', () => new Redis5(at())));
testStore(redisKit('Redis, a keyPrefix', () => new Redis(at({ keyPrefix: 'application:' }))));
testStore(
  redisKit('Redis, numbers as texts', () => new Redis(at({ stringNumbers: true, enableAutoPipelining: true }))),
);
