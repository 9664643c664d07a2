/** Koa responses that a compressor further out encodes: their tags are given the name of the coding when it is set. */
import type { Context } from 'koa';
import { slot, type Slot } from '../state.ts';
import { isContentEncoding, nameCoding } from './content-coded.ts';
import { onContentEncoding } from './hold-response.ts';
import type { NodeExchange } from './node-exchange.ts';

/** The exchange of a context. */
export const exchanges: Slot<NodeExchange> = slot('exchange');

const WATCHED = Symbol.for('unstale.watched');

/** Once for each application: a method of each response would keep its request alive until a full collection. */
export function watchCodings({ response }: Context['app']): void {
  if (Object.hasOwn(response, WATCHED)) return;
  Object.defineProperty(response, WATCHED, { value: true });
  const { set } = response;
  response.set = function (this: Context['response'], ...field: [name?: unknown, value?: unknown]) {
    Reflect.apply(set, this, field);
    const exchange = exchanges.get(this.ctx);
    if (exchange?.depth === 0 && isContentEncoding(field[0])) nameCodingOf(exchange);
  };
}

/** A Node-style compressor, which wraps methods of the response, does not ask Koa. */
export function watchCoding({ res }: Context, exchange: NodeExchange): void {
  if (Object.hasOwn(res, 'end') || Object.hasOwn(res, 'writeHead'))
    onContentEncoding(res, () => nameCodingOf(exchange));
}

function nameCodingOf({ preconditions, staged }: NodeExchange): void {
  if (preconditions !== 'open') nameCoding(staged);
}
