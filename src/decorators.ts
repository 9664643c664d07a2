/** `unstale/decorators`: a policy for each method of a controller, in both dialects of decorators. `route` of a framework's entry mounts them. */
export { CacheControl, Conditional, Guard, NoStore, Vary } from './routes/decorators.ts';
export type { PolicyDecorator } from './routes/place.ts';
export { policyOf, type MethodOf } from './routes/policy-of.ts';
export type { Asked, CurrentProvider, RoutePolicy } from './routes/route-policy.ts';
