/** `unstale/openapi`: what a route policy means to its clients, as objects of OpenAPI 3.1. */
export type {
  HeaderParameter,
  OperationResponse,
  ProblemSchema,
  ResponseHeader,
  ResponseHeaders,
} from './openapi/objects.ts';
export { openapi, type OperationMethod, type OperationParts } from './openapi/operation.ts';
export type { Asked, CurrentProvider, RoutePolicy } from './routes/route-policy.ts';
