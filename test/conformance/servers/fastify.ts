/** The contract server on Fastify: `etag` around everything, the others in `config.unstale` of their routes. */
import type { Server } from 'node:http';
import fastify, { type FastifyReply, type onRequestHookHandler } from 'fastify';
import { etag, use } from '../../../src/fastify.ts';
import { layers, type Layer } from '../../../src/index.ts';
import { isRead, Resource, type Answer, type ResourceState, type Writes } from '../contract.ts';

export async function fastifyServer(writes: Writes): Promise<Server> {
  const resource = new Resource();
  const current = (): ReturnType<Resource['current']> => resource.current();
  const [conditional, free, required] = [
    layers.conditional(current),
    layers.guard(current, { required: false, mode: 'unsafeCheckOnly' }),
    layers.guard(current, { mode: 'unsafeCheckOnly' }),
  ];
  const write: Layer = (exchange, next) => {
    const { requirePrecondition } = resource.state;
    const layer = requirePrecondition ? required : writes === 'guard' ? free : conditional;
    return layer(exchange, next);
  };
  const authorize: onRequestHookHandler = (request, reply, done) => {
    const refusal = resource.refuses();
    if (refusal) return void onFastify(reply, refusal);
    if (isRead(request.method)) reply.headers({ ...resource.state.headers });
    return done();
  };
  const app = fastify();
  await app.register(etag());
  app.get('/__caps', () => ['range', 'require']);
  app.get('/__log', () => ({ performed: resource.performed }));
  app.put('/__state', (request, reply) => {
    resource.reset(request.body as ResourceState);
    reply.code(204).send();
  });
  for (const [method, layer] of [
    ['GET', conditional], // and HEAD, by Fastify itself
    [['PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'], write],
  ] as const) {
    app.route({
      method: typeof method === 'string' ? method : [...method],
      url: '/r',
      onRequest: authorize,
      config: { unstale: [use(layer)] },
      handler: (request, reply) => onFastify(reply, resource.handle(request.method, request.headers.range)),
    });
  }
  await app.ready();
  return app.server;
}

function onFastify(reply: FastifyReply, { status, headers = {}, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
