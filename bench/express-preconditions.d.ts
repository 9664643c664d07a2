declare module 'express-preconditions' {
  import type { Request, RequestHandler } from 'express';
  export default function preconditions(options: {
    stateAsync: (req: Request) => Promise<{ etag: string }>;
  }): RequestHandler;
}
