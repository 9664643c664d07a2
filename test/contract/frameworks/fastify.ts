/** Fastify 5 for the rows of the contract. */
import makeApp, {
  type FastifyInstance,
  type FastifyPluginCallback,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import * as kit from '../../../src/fastify.ts';
import type { Framework, Handler, Io } from '../framework.ts';

export const fastify: Framework = {
  name: 'Fastify 5',
  kit,
  before(act) {
    return plugin((app) => app.addHook('preHandler', (request, reply) => run(act, request, reply)));
  },
  logger(log) {
    return plugin((app) => app.addHook('onResponse', async (request, reply) => log(fastifyIo(request, reply))));
  },
  async serve(middlewares, handler) {
    const app = makeApp();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    for (const middleware of middlewares) app.register(middleware as FastifyPluginCallback);
    app.all('*', async (request, reply) => {
      await run(handler, request, reply);
      return reply;
    });
    await app.ready();
    return app.server;
  },
};

/** For the context in which it is registered, as `fastify-plugin` does it. */
function plugin(mount: (app: FastifyInstance) => unknown): FastifyPluginCallback {
  const callback: FastifyPluginCallback = (app, _options, done) => {
    mount(app);
    done();
  };
  return Object.assign(callback, { [Symbol.for('skip-override')]: true });
}

async function run(act: Handler, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await act(fastifyIo(request, reply));
}

function fastifyIo(request: FastifyRequest, reply: FastifyReply): Io {
  return {
    method: request.method,
    path: request.url.split('?', 1).join(),
    native: Object.assign(request, { res: reply.raw }), // as in Express
    header: (name) => request.headers[name.toLowerCase()]?.toString(),
    set: (field, value) => void reply.header(field, value),
    status: (code) => void reply.code(code),
    send: (body) => void (body === null ? reply.send() : reply.send(body)),
    stream: (body) => void reply.send(body),
  };
}
