/** `unstale/redis`: version stores on ioredis. */
export { redisOptions, type RedisClient, type RedisOptions } from './stores/redis-client.ts';
export { redisVersions, type RedisVersions, type RedisVersionsOptions } from './stores/redis-versions.ts';
