/** The contract server on Express. */
import { createServer, type Server } from 'node:http';
import { json, type Express, type Response } from 'express';
import * as layers from '../../../src/express.ts';
import { isRead, Resource, type Answer, type ResourceState, type Writes } from '../contract.ts';

export function expressServer(app: Express, writes: Writes): Server {
  const resource = new Resource();
  const current = (): ReturnType<Resource['current']> => resource.current();
  const [conditional, free, required] = [
    layers.conditional(current),
    layers.guard(current, { required: false, mode: 'unsafeCheckOnly' }),
    layers.guard(current, { mode: 'unsafeCheckOnly' }),
  ];
  app.use(layers.etag());
  app.get('/__caps', (_req, res) => void res.json(['range', 'require']));
  app.put('/__state', json(), (req, res) => {
    resource.reset(req.body as ResourceState);
    res.status(204).end();
  });
  app.get('/__log', (_req, res) => void res.json({ performed: resource.performed }));
  app.all(
    '/r',
    (_req, res, next) => {
      const refusal = resource.refuses();
      if (refusal) onExpress(res, refusal);
      else next();
    },
    (req, res, next) => {
      if (isRead(req.method)) res.set(resource.state.headers ?? {});
      next();
    },
    (req, res, next) => {
      const { requirePrecondition } = resource.state;
      const middleware = requirePrecondition ? required : writes === 'guard' ? free : conditional;
      return isRead(req.method) ? conditional(req, res, next) : middleware(req, res, next);
    },
    (req, res) => onExpress(res, resource.handle(req.method, req.headers.range)),
  );
  return createServer(app);
}

function onExpress(res: Response, { status, headers = {}, body }: Answer): void {
  res.status(status).set(headers);
  res.end(body);
}
