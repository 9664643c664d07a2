/** The middlewares of this package as layers, for whoever writes an adapter. */
export { conditional } from './conditional/conditional.ts';
export { guard } from './conditional/guard.ts';
export { etag } from './conditional/tag-body.ts';
export { cache } from './response-cache/response-cache.ts';
export { cacheControl } from './policy/cache-control.ts';
export { vary } from './policy/vary.ts';
export { dashboard } from './dashboard/dashboard.ts';
