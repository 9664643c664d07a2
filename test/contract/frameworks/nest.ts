/** NestJS on Express and on Fastify for the rows of the contract: its interceptors, and a handler whose answers are Nest's to send. */
import {
  All,
  Controller,
  Req,
  Res,
  StreamableFile,
  UseInterceptors,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Request, Response } from 'express';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as kit from '../../../src/nest.ts';
import { statusOf, type Framework, type Handler, type Io } from '../framework.ts';

export const nestOnExpress: Framework = nest('NestJS 12 on Express', '{*path}', () => new ExpressAdapter());
export const nestOnFastify: Framework = nest('NestJS 12 on Fastify', '*', () => {
  const adapter = new FastifyAdapter();
  adapter.getInstance().addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  return adapter;
});

type Native = Request | FastifyRequest;
type Reply = Response | FastifyReply;

const failed: ExceptionFilter = {
  catch(error, host) {
    const reply = host.switchToHttp().getResponse<Reply>();
    if ('raw' in reply) reply.code(statusOf(error)).send('failed');
    else reply.status(statusOf(error)).send('failed');
  },
};

function nest(name: string, everywhere: string, adapter: () => AbstractHttpAdapter): Framework {
  return {
    name,
    kit,
    before(act) {
      const interceptor: NestInterceptor = {
        async intercept(context, handler) {
          await act(ioOfContext(context).io);
          return handler.handle();
        },
      };
      return interceptor;
    },
    logger(log) {
      const interceptor: NestInterceptor = {
        intercept(context, handler) {
          const { io, raw } = ioOfContext(context);
          raw.once('finish', () => log(io));
          return handler.handle();
        },
      };
      return interceptor;
    },
    async serve(middlewares, handler) {
      const module = {
        module: class Root {},
        imports: [kit.UnstaleModule.forRoot({ etag: false })],
        controllers: [controllerOf(everywhere, middlewares, handler)],
      };
      const app = await NestFactory.create(module, adapter(), {
        logger: false,
        abortOnError: false,
        bodyParser: false,
      });
      app.useGlobalFilters(failed);
      await app.init();
      await app.getHttpAdapter().getInstance().ready?.();
      return app.getHttpServer();
    },
  };
}

/** What the compiler makes of decorators; those of NestJS are of the legacy dialect. */
function controllerOf(everywhere: string, middlewares: readonly unknown[], handler: Handler): new () => object {
  class Everything {
    async handle(request: Native, reply: Reply): Promise<unknown> {
      const { io, sent } = ioOf(request, reply);
      await handler(io);
      return sent.body;
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Everything.prototype, 'handle') as PropertyDescriptor;
  All(everywhere)(Everything.prototype, 'handle', descriptor);
  Req()(Everything.prototype, 'handle', 0);
  Res({ passthrough: true })(Everything.prototype, 'handle', 1);
  UseInterceptors(...(middlewares as readonly NestInterceptor[]))(Everything);
  Controller()(Everything);
  return Everything;
}

function ioOfContext(context: ExecutionContext): ReturnType<typeof ioOf> {
  return ioOf(context.getArgByIndex(0), context.getArgByIndex(1));
}

function ioOf(
  request: Native,
  reply: Reply,
): {
  io: Io;
  sent: { body?: unknown };
  raw: NodeJS.EventEmitter;
} {
  const sent: { body?: unknown } = {};
  const raw = 'raw' in reply ? reply.raw : reply;
  if ('raw' in reply) Object.assign(request, { res: raw }); // as in Express
  const io: Io = {
    method: request.method,
    path: request.url.split('?', 1).join(),
    native: request,
    header: (field) => request.headers[field.toLowerCase()]?.toString(),
    set: (field, value) => void reply.header(field, value),
    status: (code) => void reply.status(code),
    send: (body) => void (sent.body = Buffer.isBuffer(body) ? new StreamableFile(body) : body),
    stream: (body) => void (sent.body = new StreamableFile(body)),
  };
  return { io, sent, raw };
}
