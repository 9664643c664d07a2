/** The module of NestJS that puts every handler behind what its decorators ask for. */
import { Module, type DynamicModule, type NestInterceptor, type OnModuleInit } from '@nestjs/common';
import type { FactoryProvider, ModuleMetadata, Provider } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, HttpAdapterHost, ModuleRef, ModulesContainer } from '@nestjs/core';
import { mount } from '../adapters/fastify.ts';
import { ProblemFilter } from '../adapters/nest-problems.ts';
import type { EtagOptions } from '../conditional/tag-body.ts';
import { ConfigurationError } from '../errors.ts';
import * as layers from '../layers.ts';
import { checkFunction, checkOptions } from '../options.ts';
import type { PolicySource } from '../policy/cache-control.ts';
import { resolvers } from './accessors.ts';
import { providers } from './providers.ts';
import { handlersOf, routes, type Everywhere } from './routes.ts';

/** What applies to every handler of the application. */
export interface UnstaleOptions {
  /** Validators out of finished bodies, for handlers that have none of their own; `false` for none. */
  readonly etag?: EtagOptions | false;
  /** Cache-Control of the handlers that neither have one of their own nor get one from their class. */
  readonly cacheControl?: PolicySource<never>;
}

/** As in other modules of NestJS: what `useFactory` needs, and where it comes from. */
export interface UnstaleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...injected: never[]) => UnstaleOptions | Promise<UnstaleOptions>;
}

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
  const interceptor = {
    provide: APP_INTERCEPTOR,
    inject: [OPTIONS, ModuleRef, ModulesContainer, HttpAdapterHost],
    useFactory: interceptEverything,
  };
  return {
    module: UnstaleModule,
    imports,
    providers: [options, interceptor, { provide: APP_FILTER, useClass: ProblemFilter }],
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
  options: UnstaleOptions,
  moduleRef: ModuleRef,
  modules: ModulesContainer,
  { httpAdapter }: HttpAdapterHost,
): NestInterceptor & OnModuleInit {
  const platform = httpAdapter?.getType();
  if (platform === 'fastify') mount(httpAdapter.getInstance());
  else if (platform !== 'express')
    throw new ConfigurationError('UnstaleModule', 'an application on Express or Fastify', platform);
  const resolve = providers(moduleRef);
  const routeOf = routes(everywhere(options), resolve);
  return {
    onModuleInit() {
      for (const [ofClass, handler] of handlersOf(modules)) routeOf(ofClass, handler);
    },
    intercept(context, handler) {
      if (context.getType() !== 'http') return handler.handle();
      const route = routeOf(context.getClass(), context.getHandler() as () => unknown);
      if (!route) return handler.handle();
      resolvers.set(context.getArgByIndex(0), resolve);
      return route.intercept(context, handler);
    },
  };
}
