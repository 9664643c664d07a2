/** The whole world of a layer: one request, the response being made for it, and the next layer. No framework, no I/O. */

/** Response fields while they can still be changed; names are case-insensitive, a field of several lines reads as one list. */
export interface HeaderFields {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  delete(name: string): void;
  /** The names of all fields that are set, in lower case. */
  names(): readonly string[];
}

/** A body that the adapter holds back, or can still read. */
export interface HeldBody {
  /** All bytes; `undefined` when there are more than `limit`, or when the application streams and must not be delayed. */
  bytes(limit: number): Promise<Uint8Array | undefined>;
}

/** A response whose head has not been sent. */
export interface HttpResponse {
  status: number;
  /** The fields of the exchange's own response: an answer of your own is laid over `exchange.staged`. */
  readonly headers: HeaderFields;
  /** The application's body, a text of your own, or nothing. */
  body: HeldBody | string | null;
}

/** One request and what is known about its response so far. Every layer of a request sees the same one. */
export interface Exchange {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  /** A request field as received, several lines joined by a comma; `undefined` when absent, `''` when empty. */
  header(name: string): string | undefined;
  /** The response fields set so far; what the application sets later wins. */
  readonly staged: HeaderFields;
  /** Who answers the preconditions (RFC 9110 §13): nobody yet, a layer after the handler, or they have been decided. */
  preconditions: 'open' | 'claimed' | 'settled';
  /** Takes request fields out of the application's sight; `header` keeps seeing them. */
  hide(...names: readonly string[]): void;
  /** Aborts when the client goes away before the response is complete. */
  signal(): AbortSignal;
  /** What was left with the request in front of the framework, if anything. */
  beforehand?(): object | undefined;
  /** What the framework hands to its middlewares: `req` in Express, `ctx` in Koa. */
  readonly native: object;
}

/** Runs the rest of the chain, the application's handler included, and gives its response with the head not yet sent. */
export type Next = () => Promise<HttpResponse>;

/** A middleware of this package: it may answer without calling `next`, or change what comes back. */
export type Layer = (exchange: Exchange, next: Next) => Promise<HttpResponse>;

/** One layer out of several, the first one outermost. */
export function compose(layers: readonly Layer[]): Layer {
  const [only] = layers;
  if (only && layers.length === 1) return only;
  return layers.reduceRight<Layer>(
    (inner, outer) => (exchange, next) => outer(exchange, () => inner(exchange, next)),
    (_exchange, next) => next(),
  );
}
