/** Layers as a plugin of Fastify 5: around the routes of a context, or around each route that names them in `config.unstale`. */
import type { FastifyInstance, FastifyPluginCallback, FastifyRequest, preHandlerHookHandler } from 'fastify';
import { ConfigurationError } from '../errors.ts';
import { compose, type Exchange, type HttpResponse, type Layer } from '../exchange.ts';
import { observed } from '../observed.ts';
import { slot, type Slot } from '../state.ts';
import { codingMemory } from './content-coded.ts';
import { GONE } from './delivery.ts';
import { hooks, readConfig, refuseUnread } from './fastify-config.ts';
import { deliver, fail } from './fastify-delivery.ts';
import { onSend, openPassage, passageOf } from './fastify-passage.ts';
import { sent, type NodeExchange } from './node-exchange.ts';

/** Not encapsulated: the plugin serves the context in which it is registered, and those inside of it. */
const PLUGIN = {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'unstale',
  [Symbol.for('plugin-meta')]: { name: 'unstale', fastify: '5.x' },
};

/** On an instance that has what every context needs. */
export const mounted: Slot<FastifyInstance> = slot('mounted');

/** Mounts layers, the first one outermost: by `app.register`, or in `config.unstale` of a route. With no layers it only makes the latter work. */
export function use(...layers: readonly Layer[]): FastifyPluginCallback {
  const hook = around(observed(compose(layers), { route, sent }));
  const plugin: FastifyPluginCallback = (instance, _options, done) => {
    mount(instance);
    if (layers.length > 0) instance.addHook('preHandler', hook);
    done();
  };
  hooks.set(plugin, hook);
  return Object.assign(plugin, PLUGIN);
}

export function exchangeOf(request: FastifyRequest): NodeExchange | undefined {
  return passageOf(request)?.exchange;
}

function route({ native }: Exchange): string | undefined {
  return (native as FastifyRequest).routeOptions.url; // what it was opened with
}

/** Starts a layer where authorization and validation are over; its `next()` goes on to the handler, whose response comes by `onSend`. */
function around(layer: Layer): preHandlerHookHandler {
  const codings = codingMemory();

  return function unstale(request, reply, done): void {
    const passage = passageOf(request) ?? openPassage(request, reply, codings);
    const place = passage.waiting.length;
    let went = false;

    function onward(): Promise<HttpResponse> {
      if (reply.sent) return Promise.reject(GONE); // by a timeout, or by hand
      went = true;
      return new Promise<HttpResponse>((resolve, reject) => {
        passage.waiting.push({ resolve, reject });
        done();
      });
    }

    layer(passage.exchange, onward)
      .then((response) => deliver(passage, place, response))
      .catch((error: unknown) => fail(passage, place, error, went ? undefined : done));
  };
}

/** What every context needs once. */
export function mount(instance: FastifyInstance): void {
  if (typeof instance.addHook !== 'function')
    throw new ConfigurationError(
      'unstale/fastify',
      'app.register(…) or config.unstale',
      'a middleware in place of a hook',
    );
  if (mounted.get(instance) === instance) return; // a context inside of another has its properties, but not all of its hooks
  mounted.set(instance, instance);
  instance.addHook('onRoute', readConfig);
  instance.addHook('preHandler', refuseUnread);
  instance.addHook('onSend', onSend);
}
