/** As far as the docs and the comparison use it: the package has no types of its own. */
declare module 'apicache' {
  import type { RequestHandler } from 'express';

  interface ApiCache {
    newInstance(): ApiCache;
    middleware(duration: string): RequestHandler;
    clear(target?: string): unknown;
  }

  const apicache: ApiCache;
  export default apicache;
}
