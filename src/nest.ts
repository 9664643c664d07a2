/** `unstale/nest`: a module for NestJS on Express or Fastify; the decorators of `unstale/decorators` say what it does to each handler. */
import type { NestInterceptor } from '@nestjs/common';
import { use } from './adapters/nest.ts';
import type { Middlewares, Tag } from './framework.ts';
import { nest } from './nest/accessors.ts';

type Nest = Middlewares<object, NestInterceptor>;

export { withConditions } from './nest/document.ts';
export { UnstaleModule, type UnstaleAsyncOptions, type UnstaleOptions } from './nest/module.ts';
export { Guarded, guarded, Selected, selected } from './nest/accessors.ts';
/** A validator out of the finished body, for every handler that has none of its own; then the 304. */
export const etag: Nest['etag'] = nest.etag;
/** The 304 before the handler, from validators that `current` knows; on unsafe methods, the preconditions that are present. */
export const conditional: Nest['conditional'] = nest.conditional;
/** 428 without a precondition, 412 on a stale one; the handler finds in `guarded` what its write has to be based on. */
export const guard: Nest['guard'] = nest.guard;
/** Cache-Control for the handler, chosen when the status is known. */
export const cacheControl: Nest['cacheControl'] = nest.cacheControl;
/** Appends request fields to Vary. */
export const vary: Nest['vary'] = nest.vary;
/** Stores what Cache-Control lets a shared cache store, and answers GET and HEAD from it. */
export const cache: Nest['cache'] = nest.cache;
/** What the response of this request depends upon; to a write, what it makes invalid. */
export const tag: Tag = nest.tag;
/** A page with the figures of this process, for those whom `authorize` lets in. */
export const dashboard: Nest['dashboard'] = nest.dashboard;
export { use };
