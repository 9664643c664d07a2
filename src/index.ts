/** `unstale`: HTTP conditional requests and caching, without a framework. The middlewares are in `unstale/express` and the other entries. */
import * as layers from './layers.ts';

export { layers };
export type { Decision, PreconditionField, PreconditionRequest } from './conditional/preconditions.ts';
export type { RequestFields } from './conditional/request-fields.ts';
export { evaluatePreconditions } from './conditional/preconditions.ts';
export { counter, type Counter, type CounterOptions } from './conditional/counter.ts';
export type { ConditionalOptions } from './conditional/conditional.ts';
export type { GuardOptions } from './conditional/guard.ts';
export type { AppliedOptions, Guarded } from './conditional/guarded.ts';
export type { Current, Scope, Selected } from './conditional/selection.ts';
export type { EtagOptions } from './conditional/tag-body.ts';
export type { DashboardOptions } from './dashboard/dashboard-options.ts';
export type { Figures } from './dashboard/figures.ts';
export { ConfigurationError, PreconditionFailed, StoreUnavailable } from './errors.ts';
export type { Exchange, HeaderFields, HeldBody, HttpResponse, Layer, Next } from './exchange.ts';
export { parseCacheControl, type CacheDirectives } from './http/cache-directives.ts';
export {
  formatEntityTag,
  parseEntityTag,
  parseEntityTagList,
  strongMatch,
  weakMatch,
  type EntityTag,
} from './http/entity-tag.ts';
export { formatHttpDate, parseHttpDate } from './http/http-date.ts';
export type { Problem } from './http/problem.ts';
export type { Events } from './metrics.ts';
export type { PolicySource, PolicyTable } from './policy/cache-control.ts';
export { formatCacheControl, type CachePolicy, type Duration } from './policy/cache-policy.ts';
export { memoryVersions, type MemoryVersionsOptions } from './stores/memory-versions.ts';
export type { Begun, Committed, VersionRead, VersionStore } from './stores/version-store.ts';
export {
  memoryResponses,
  type MemoryResponses,
  type MemoryResponsesOptions,
} from './response-stores/memory-responses.ts';
export { busOver, type BusOptions, type InvalidationBus, type Transport } from './response-stores/invalidation-bus.ts';
export { tiered, type TieredOptions } from './response-stores/tiered-responses.ts';
export type { Fill, Kept, Purge, Put, ResponseStore } from './response-stores/response-store.ts';
export type { StoredResponse } from './response-stores/stored-response.ts';
export {
  responseCache,
  type Invalidate,
  type ResponseCache,
  type ResponseCacheOptions,
} from './response-cache/cache-client.ts';
export type { CacheOptions } from './response-cache/cache-options.ts';
export type { RememberOptions } from './response-cache/remember-options.ts';
export type { Remember } from './response-cache/remember.ts';
export type { WriteThrough } from './response-cache/write-through.ts';
export { collection, type CollectionState } from './validators/collection.ts';
export { composite } from './validators/composite.ts';
export { digest, type DigestOptions } from './validators/digest.ts';
export { stamp, type StampOptions } from './validators/stamp.ts';
export type { Validators } from './validators/validators.ts';
export { version, type VersionOptions } from './validators/version.ts';
