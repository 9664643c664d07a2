/** The module of NestJS that puts every handler behind what its decorators ask for. */
import {
  Module,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type NestInterceptor,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, HttpAdapterHost, ModuleRef, ModulesContainer } from '@nestjs/core';
import { mount } from '../adapters/fastify.ts';
import type { Handler } from '../adapters/nest-handlers.ts';
import { ProblemFilter } from '../adapters/nest-problems.ts';
import type { EtagOptions } from '../conditional/tag-body.ts';
import { ConfigurationError } from '../errors.ts';
import * as layers from '../layers.ts';
import { checkFunction, checkOptions } from '../options.ts';
import type { PolicySource } from '../policy/cache-control.ts';
import { resolvers } from './accessors.ts';
import { providers } from './providers.ts';
import { handlersOf, routes, type Everywhere, type Routes } from './routes.ts';

/** What applies to every handler of the application. */
export interface UnstaleOptions {
  /** Validators out of finished bodies, for handlers that have none of their own; `false` for none. */
  readonly etag?: EtagOptions | false;
  /** Cache-Control for handlers that have none of their own, nor one from their class. */
  readonly cacheControl?: PolicySource;
}

/** As in other modules of NestJS: what makes the options, and what is handed to it. */
export interface UnstaleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...injected: never[]) => UnstaleOptions | Promise<UnstaleOptions>;
}

/** Under this the application has its `Routes`. */
export const ROUTES: unique symbol = Symbol.for('unstale.nest-routes');

const OPTIONS = Symbol.for('unstale.nest-options');
const WHERE = 'UnstaleModule.forRoot(options)';
const WHERE_ASYNC = 'UnstaleModule.forRootAsync(options)';

/** Import it once, in the root module. */
export class UnstaleModule {
  static forRoot(options: UnstaleOptions = {}): DynamicModule {
    everywhere(options);
    return moduleWith({ provide: OPTIONS, useValue: options });
  }

  static forRootAsync(options: UnstaleAsyncOptions): DynamicModule {
    checkOptions(WHERE_ASYNC, options, ['imports', 'inject', 'useFactory']);
    const { imports = [], inject = [], useFactory } = options;
    checkFunction(WHERE_ASYNC, 'useFactory', useFactory);
    return moduleWith({ provide: OPTIONS, inject, useFactory }, imports);
  }
}
Module({})(UnstaleModule);

function moduleWith(options: Provider, imports: ModuleMetadata['imports'] = []): DynamicModule {
  return {
    module: UnstaleModule,
    imports,
    providers: [
      options,
      {
        provide: ROUTES,
        inject: [OPTIONS, ModuleRef],
        useFactory: (asked: UnstaleOptions, moduleRef: ModuleRef) => routes(everywhere(asked), providers(moduleRef)),
      },
      {
        provide: APP_INTERCEPTOR,
        inject: [ROUTES, ModulesContainer, HttpAdapterHost],
        useFactory: interceptEverything,
      },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
  };
}

function everywhere(options: UnstaleOptions): Everywhere {
  checkOptions(WHERE, options, ['etag', 'cacheControl']);
  const { etag = {}, cacheControl } = options;
  const outermost = etag === false ? [] : [layers.etag(etag)];
  if (cacheControl === undefined) return { outermost, policy: {} };
  layers.cacheControl(cacheControl);
  return { outermost, policy: { cacheControl } };
}

function interceptEverything(
  { interceptorOf, resolve }: Routes,
  modules: ModulesContainer,
  host: HttpAdapterHost,
): NestInterceptor & OnModuleInit {
  return {
    onModuleInit() {
      const platform = host.httpAdapter?.getType(); // there is none in an application without HTTP, and in a test only by now
      if (platform === 'fastify') mount(host.httpAdapter.getInstance());
      else if (platform && platform !== 'express')
        throw new ConfigurationError('UnstaleModule', 'an application on Express or Fastify', platform);
      for (const [ofClass, handler] of handlersOf(modules)) interceptorOf(ofClass, handler);
    },
    intercept(context, handler) {
      if (context.getType() !== 'http') return handler.handle();
      resolvers.set(context.getArgByIndex(0), resolve);
      const interceptor = interceptorOf(context.getClass(), context.getHandler() as Handler); // a method of it
      return interceptor ? interceptor.intercept(context, handler) : handler.handle();
    },
  };
}
