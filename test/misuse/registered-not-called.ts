/** A Fastify application that registers the factory named on its command line, in place of what the factory makes. */
import makeApp, { type FastifyPluginCallback } from 'fastify';
import * as fastify from '../../src/fastify.ts';

const factories = fastify as unknown as Readonly<Record<string, FastifyPluginCallback>>; // the types would not allow the mistake
await makeApp().register(factories[process.argv[2] ?? ''] as FastifyPluginCallback); // the test names one
