/** A recorded policy as layers, and the method that runs behind them. */
import type { Current } from '../conditional/selection.ts';
import { ConfigurationError } from '../errors.ts';
import type { Layer } from '../exchange.ts';
import { isRead } from '../http/methods.ts';
import * as layers from '../layers.ts';
import { checkCalled } from '../options.ts';
import { checkMethod, policyOf } from './policy-of.ts';
import { isClass, type Asked, type RoutePolicy } from './route-policy.ts';

export interface RoutedMethod {
  /** The first one outermost. */
  readonly layers: readonly Layer[];
  /** The method, bound to its controller. */
  readonly handler: (...args: never) => unknown;
}

const WHERE = 'route(controller, method)';

/** The method of a controller behind the layers that its decorators ask for. */
export function routed(controller: object, method: PropertyKey): RoutedMethod {
  checkCalled(WHERE, controller);
  if (typeof controller !== 'object' || controller === null)
    throw new ConfigurationError(WHERE, 'controller to be an instance of your class', controller);
  checkMethod(WHERE, controller, method);
  const policy = policyOf(controller, method as never); // checked above
  refuseProvider(policy.conditional);
  refuseProvider(policy.guard);
  const handler = controller[method as never] as RoutedMethod['handler']; // checked above
  return { layers: routeLayers(policy), handler: handler.bind(controller) };
}

/** Cache-Control and Vary outside, for every answer; then who answers preconditions. */
export function routeLayers({ cacheControl, vary, conditional, guard }: RoutePolicy): readonly Layer[] {
  const reads = conditional && layers.conditional(functionOf(conditional), conditional.options);
  const writes = guard && layers.guard(functionOf(guard), guard.options);
  const all = [
    cacheControl && layers.cacheControl(cacheControl),
    vary && layers.vary(...vary),
    reads && writes ? byMethod(reads, writes) : (reads ?? writes),
  ];
  return all.filter((layer) => layer !== undefined);
}

/** Where there are both, a write is the guard's alone: it is stricter, and has options of its own. */
function byMethod(reads: Layer, writes: Layer): Layer {
  return (exchange, next) => (isRead(exchange.method) ? reads : writes)(exchange, next);
}

function refuseProvider(asked: Asked<unknown> | undefined): void {
  if (!isClass(asked?.current)) return;
  const hint = 'Classes are for NestJS, which makes their instances';
  throw new ConfigurationError(WHERE, 'current to be a function of the request', asked.current, hint);
}

/** A provider has been refused, or replaced by what it is asked with. */
function functionOf({ current }: Asked<unknown>): Current<never> {
  return current as Current<never>;
}
