/** The contract server on NestJS: `etag` by the module, the others as interceptors, and a handler that answers by itself. */
import type { Server } from 'node:http';
import {
  All,
  Body,
  Controller,
  Get,
  HttpCode,
  Put,
  Req,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type ArgumentsHost,
  type CanActivate,
  type ExceptionFilter,
} from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { layers, type Layer } from '../../../src/index.ts';
import { UnstaleModule, use } from '../../../src/nest.ts';
import { isRead, Resource, type Answer, type ResourceState, type Writes } from '../contract.ts';

type Reply = Response | FastifyReply;

export async function nestServer(adapter: AbstractHttpAdapter, writes: Writes): Promise<Server> {
  const resource = new Resource();
  const module = {
    module: class Root {},
    imports: [UnstaleModule.forRoot()],
    controllers: [controllerOf(resource, writes)],
  };
  const app = await NestFactory.create(module, adapter, { logger: false, abortOnError: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready?.();
  return app.getHttpServer();
}

function controllerOf(resource: Resource, writes: Writes): new () => object {
  class Conformance {
    capabilities(): object {
      return ['range', 'require'];
    }

    log(): object {
      return { performed: resource.performed };
    }

    reset(state: ResourceState): void {
      resource.reset(state);
    }

    handle(request: Request | FastifyRequest, reply: Reply): void {
      onNest(reply, resource.handle(request.method, request.headers.range));
    }
  }
  decorate(Conformance.prototype, 'capabilities', Get('__caps'));
  decorate(Conformance.prototype, 'log', Get('__log'));
  decorate(Conformance.prototype, 'reset', Put('__state'), HttpCode(204));
  Body()(Conformance.prototype, 'reset', 0);
  const { refuse, authorize } = authorization(resource);
  decorate(Conformance.prototype, 'handle', All('r'), UseFilters(refuse), UseGuards(authorize));
  decorate(Conformance.prototype, 'handle', UseInterceptors(use(conditionsOf(resource, writes))));
  Req()(Conformance.prototype, 'handle', 0);
  Res()(Conformance.prototype, 'handle', 1);
  Controller()(Conformance);
  return Conformance;
}

function conditionsOf(resource: Resource, writes: Writes): Layer {
  const current = (): ReturnType<Resource['current']> => resource.current();
  const [conditional, free, required] = [
    layers.conditional(current),
    layers.guard(current, { required: false, mode: 'unsafeCheckOnly' }),
    layers.guard(current, { mode: 'unsafeCheckOnly' }),
  ];
  return (exchange, next) => {
    const write = resource.state.requirePrecondition ? required : writes === 'guard' ? free : conditional;
    return (isRead(exchange.method) ? conditional : write)(exchange, next);
  };
}

/** A guard of Nest comes before all interceptors, ours included; what it throws goes to a filter. */
function authorization(resource: Resource): { refuse: ExceptionFilter; authorize: CanActivate } {
  return {
    refuse: { catch: (refusal: Answer, host) => onNest(replyOf(host), refusal) },
    authorize: {
      canActivate(context) {
        const refusal = resource.refuses();
        if (refusal) throw refusal as unknown as Error; // for the filter
        const reply = replyOf(context);
        if (isRead(context.switchToHttp().getRequest<Request>().method))
          for (const [name, value] of Object.entries(resource.state.headers ?? {})) void reply.header(name, value);
        return true;
      },
    },
  };
}

/** What the compiler makes of decorators; those of NestJS are of the legacy dialect. */
function decorate(prototype: object, name: string, ...decorators: readonly MethodDecorator[]): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor; // there is one
  for (const decorator of decorators) decorator(prototype, name, descriptor);
}

function replyOf(host: ArgumentsHost): Reply {
  return host.switchToHttp().getResponse();
}

function onNest(reply: Reply, { status, headers = {}, body }: Answer): void {
  if ('raw' in reply) reply.code(status).headers(headers).send(body);
  else reply.status(status).set(headers).end(body);
}
