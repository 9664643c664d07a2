/** Layers as an interceptor of NestJS, by the adapter of the framework below it. Nest's guards have run before; pipes and the handler are inside. */
import type { ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, of, throwError, type Observable } from 'rxjs';
import { ConfigurationError } from '../errors.ts';
import { compose, edited, type Edit, type Exchange, type Layer, type Recovery } from '../exchange.ts';
import { observed } from '../observed.ts';
import { slot } from '../state.ts';
import * as express from './express.ts';
import * as fastify from './fastify.ts';
import { hooks } from './fastify-config.ts';
import { answersItself, isEventStream } from './nest-handlers.ts';
import { asNest } from './nest-problems.ts';

/** A layer has answered in place of the handler. */
const answered = slot<boolean>('answered');

/** Mounts layers, the first one outermost: with `@UseInterceptors`, or around everything. */
export function use(...layers: readonly Layer[]): NestInterceptor {
  // The adapter below publishes; here it is seen who answers in place of the handler.
  const around = mount(inPlace(observed(compose(layers), { route: () => undefined })));
  return {
    intercept(context, handler) {
      if (context.getType() !== 'http' || isEventStream(context)) return handler.handle();
      return new Promise<Observable<unknown>>((resolve, reject) => {
        let went = false;
        around(context, (error?: unknown) => {
          if (went) return context.getArgByIndex<(error: unknown) => void>(2)(error); // Nest has answered, and hears of it by Express
          went = true;
          if (error !== undefined) return reject(asNest(error));
          const native = context.getArgByIndex<object>(0);
          if (!answered.get(native))
            return resolve(handler.handle().pipe(catchError((thrown) => throwError(() => asNest(thrown)))));
          answered.set(native, false);
          return resolve(leaveOut(context));
        });
      });
    },
  };
}

export function exchangeOf(native: object): Exchange | undefined {
  return isFastify(native) ? fastify.exchangeOf(native) : express.exchangeOf(native as Request); // one of the two
}

/** Gives an early answer the way of all others: Nest answers with nothing, and that is replaced. */
function inPlace(layer: Layer): Layer {
  return async (exchange, next) => {
    let reached = false;
    const response = await layer(exchange, (edit?: Edit, failed?: Recovery) => {
      reached = true;
      return edited(next(), edit, failed);
    });
    if (reached) return response;
    answered.set(exchange.native, true);
    await next();
    return response;
  };
}

function mount(layer: Layer): (context: ExecutionContext, next: (error?: unknown) => void) => void {
  const onExpress = express.use(layer);
  const onFastify = hooks.get(fastify.use(layer));
  return (context, next) => {
    const [native, response] = context.getArgs<[FastifyRequest | Request, never]>();
    if (!isFastify(native)) return void onExpress(native, response, next);
    if (!fastify.mounted.get(native.server))
      return next(new ConfigurationError('unstale/nest', 'UnstaleModule.forRoot() among the imports', 'none'));
    return onFastify?.call(native.server, native, response, next);
  };
}

function leaveOut(context: ExecutionContext): Observable<undefined> {
  const response = context.getArgByIndex<FastifyReply | Response>(1);
  const end = (): unknown => ('raw' in response ? response.send() : response.end());
  // With nothing to say, Nest may still render, redirect, or have Express look at the fields.
  Object.assign(response, 'raw' in response ? { redirect: end, view: end } : { redirect: end, render: end, send: end });
  if (answersItself(context)) end();
  return of(undefined);
}

function isFastify(native: object): native is FastifyRequest {
  return 'raw' in native;
}
