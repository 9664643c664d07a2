/** The contract server as a handler of the Web. */
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import * as layers from '../../../src/web.ts';
import { isRead, Resource, type Answer, type ResourceState, type Writes } from '../contract.ts';

export function webServer(writes: Writes): Server {
  const resource = new Resource();
  const current = (): ReturnType<Resource['current']> => resource.current();
  /** What other servers set before the route, which in the Web only a layer can. */
  const staging = layers.use(({ method, staged }, next) => {
    const headers = isRead(method) ? resource.state.headers : {};
    for (const [name, value] of Object.entries(headers ?? {})) staged.set(name, value);
    return next();
  });
  const handler = ({ method, headers }: Request): Response =>
    onWeb(resource.handle(method, headers.get('Range') ?? undefined));
  const [conditional, free, required] = [
    layers.conditional(current)(handler),
    layers.guard(current, { required: false, mode: 'unsafeCheckOnly' })(handler),
    layers.guard(current, { mode: 'unsafeCheckOnly' })(handler),
  ];
  const route = staging((request) => {
    const write = resource.state.requirePrecondition ? required : writes === 'guard' ? free : conditional;
    return isRead(request.method) ? conditional(request) : write(request);
  });
  const fetch = layers.etag()(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/__caps') return Response.json(['range', 'require']);
    if (pathname === '/__log') return Response.json({ performed: resource.performed });
    if (pathname === '/__state') {
      resource.reset((await request.json()) as ResourceState);
      return onWeb({ status: 204 });
    }
    const refusal = resource.refuses();
    return refusal ? onWeb(refusal) : route(request);
  });
  return createServer(getRequestListener(fetch, { overrideGlobalObjects: false }));
}

function onWeb({ status, headers = {}, body }: Answer): Response {
  return new Response(body, { status, headers });
}
