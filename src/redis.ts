/** `unstale/redis`: stores of versions and of responses on ioredis. */
export { redisOptions, type RedisClient, type RedisOptions } from './stores/redis-client.ts';
export { redisVersions, type RedisVersions, type RedisVersionsOptions } from './stores/redis-versions.ts';
export { invalidationBus, type InvalidationBusOptions } from './response-stores/redis-bus.ts';
export { redisResponses, type RedisResponsesOptions } from './response-stores/redis-responses.ts';
