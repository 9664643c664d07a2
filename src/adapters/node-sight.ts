/** Which request fields an application sees: those of Node's request, without what layers hide and with what they show. */
import type { NodeExchange } from './node-exchange.ts';

/** A field as it came, `undefined` where it did not. */
export interface Hidden {
  readonly received: string | undefined;
  readonly inHeaders: string | string[] | undefined;
}

function header(this: NodeExchange, name: string): string | undefined {
  const lower = name.toLowerCase();
  const hidden = this.hidden?.get(lower);
  return hidden ? hidden.received : received(this, lower);
}

function hide(this: NodeExchange, ...names: readonly string[]): void {
  for (const name of names) {
    if (this.headers[name] === undefined) continue;
    remember(this, name);
    delete this.headers[name];
  }
}

function show(this: NodeExchange, name: string, value: string): void {
  remember(this, name);
  this.headers[name] = value;
}

/** Nobody who lists the fields sees these, and who sets one has it from then on. */
function watch(this: NodeExchange, names: readonly string[], asked: (name: string) => void): void {
  const { headers } = this;
  for (const name of names) {
    Object.defineProperty(headers, name, {
      configurable: true,
      get: () => asked(name),
      set(value) {
        Object.defineProperty(headers, name, { value, writable: true, enumerable: true });
      },
    });
  }
}

function visible(this: NodeExchange): readonly string[] {
  return Object.keys(this.headers);
}

function reveal(this: NodeExchange): void {
  if (!this.hidden) return;
  for (const [name, { inHeaders }] of this.hidden) {
    if (inHeaders === undefined) delete this.headers[name];
    else this.headers[name] = inHeaders;
  }
}

/** The methods of an exchange that speak of it. */
export const SIGHT: {
  readonly header: typeof header;
  readonly hide: typeof hide;
  readonly show: typeof show;
  readonly watch: typeof watch;
  readonly visible: typeof visible;
  readonly reveal: typeof reveal;
} = { header, hide, show, watch, visible, reveal };

function remember(exchange: NodeExchange, name: string): void {
  exchange.hidden ??= new Map();
  if (exchange.hidden.has(name)) return;
  exchange.hidden.set(name, { received: received(exchange, name), inHeaders: exchange.headers[name] });
}

/** Node keeps the first line of these and drops the rest, where two lines mean that the field is invalid (RFC 9110 §13.1.3). */
const SINGLE_LINE = new Set(['if-modified-since', 'if-unmodified-since']);

/** A field by its name in lower case, several lines joined by a comma. */
export function received({ req, headers }: Pick<NodeExchange, 'req' | 'headers'>, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined || !SINGLE_LINE.has(name)) return Array.isArray(value) ? value.join(', ') : value;
  const lines = req.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === name);
  return lines.length > 1 ? lines.join(', ') : String(value);
}
