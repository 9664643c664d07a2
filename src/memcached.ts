/** `unstale/memcached`: responses in Memcached, through memjs. */
export type { MemcachedClient } from './response-stores/memcached-client.ts';
export { memcachedResponses, type MemcachedResponsesOptions } from './response-stores/memcached-responses.ts';
