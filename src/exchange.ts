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
  /**
   * All of it, a string where the framework sends a string; `undefined` when there are more bytes than `limit`, or when the application streams
   * and must not be delayed. A promise only where something has to be waited for.
   */
  content(limit: number): Content | undefined | Promise<Content | undefined>;
  /** How many bytes there are, as far as that can be told without reading them. */
  octets?(): number | undefined;
}

/** Bytes, or a text that stands for its UTF-8. */
export type Content = Uint8Array | string;

/** Whether it is there already: content of a layer's own. */
export function isContent(body: HttpResponse['body'] | undefined): body is Content {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** How many bytes of content there are, as far as that can be told. */
export function octetsOf(body: HttpResponse['body']): number | undefined {
  if (body === null) return 0;
  return isContent(body) ? Buffer.byteLength(body) : body.octets?.();
}

/** A response whose head has not been sent. */
export interface HttpResponse {
  status: number;
  /** The fields of the exchange's own response: an answer of your own is laid over `exchange.staged`. */
  readonly headers: HeaderFields;
  /** The application's body, bytes or a text of your own, or nothing. */
  body: HeldBody | Content | null;
}

/** One request and what is known about its response so far. Every layer of a request sees the same one. */
export interface Exchange {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  /** Scheme and host, where the application sees them in the URL of its request. */
  readonly origin?: string;
  /** A request field as received, several lines joined by a comma; `undefined` when absent, `''` when empty. */
  header(name: string): string | undefined;
  /** The response fields set so far; what the application sets later wins. */
  readonly staged: HeaderFields;
  /** Who answers the preconditions (RFC 9110 §13): nobody yet, a layer after the handler, or they have been decided. */
  preconditions: 'open' | 'claimed' | 'settled';
  /** Takes request fields out of the application's sight; `header` keeps seeing them. */
  hide(...names: readonly string[]): void;
  /** Puts a request field in the application's sight, in place of what came; `header` goes on seeing that. */
  show(name: string, value: string): void;
  /** Tells when the application asks for one of these fields, which are out of its sight, until they are shown again. */
  watch?(names: readonly string[], asked: (name: string) => void): void;
  /** The request fields in the application's sight, in lower case. */
  visible(): readonly string[];
  /** What layers further out will make of a response once its status is known, for one that has to know it before: its Cache-Control. */
  policy: ((response: HttpResponse) => HttpResponse) | undefined;
  /** Aborts when the client goes away before the response is complete. */
  signal(): AbortSignal;
  /**
   * Runs this request once more behind the answer, for nobody, from where the application receives requests on, and resolves when it has been
   * answered; `undefined` where the platform cannot. `what` is told by `renews` of the exchange that comes of it.
   */
  again?(what: number): Promise<void> | undefined;
  /** On a request that `again` has made, what it was given: nobody waits for the response. */
  renews?(): number | undefined;
  /** What was left with the request in front of the framework, if anything. */
  beforehand?(): object | undefined;
  /** What the framework hands to its middlewares: `req` in Express, `ctx` in Koa. */
  readonly native: object;
}

/** What a layer makes of the response of the handler: one with other fields, or another one altogether. */
export type Edit = (response: HttpResponse) => HttpResponse | Promise<HttpResponse>;

/** The edit of a layer that has nothing to say. */
export const unchanged: Edit = (response) => response;

/** Runs the rest of the chain, the application's handler included. */
export interface Next {
  /** Gives the response with the head not yet sent: it is held back until the layer has given its own. */
  (): Promise<HttpResponse>;
  /**
   * Gives what `edit` makes of the response, for the layer to return as it is. It is cheaper: nothing is held back unless `edit` gives a promise.
   * `failed` is asked where the handler throws and the framework leaves the error to its middlewares.
   */
  (edit: Edit, failed?: Recovery): Promise<HttpResponse>;
}

/** What a layer makes of an error; it may throw it on. */
export type Recovery = (error: unknown) => HttpResponse | Promise<HttpResponse>;

/** A middleware of this package: it may answer without calling `next`, or change what comes back. */
export type Layer = (exchange: Exchange, next: Next) => Promise<HttpResponse>;

/** One layer out of several, the first one outermost. */
export function compose(layers: readonly Layer[]): Layer {
  return layers.reduceRight<Layer>(
    (inner, outer) => (exchange, next) =>
      outer(exchange, (edit?: Edit, failed?: Recovery) => edited(inner(exchange, next), edit, failed)),
    (_exchange, next) => next(),
  );
}

/** What `next(edit, failed)` gives where every response is waited for. */
export function edited(response: Promise<HttpResponse>, edit?: Edit, failed?: Recovery): Promise<HttpResponse> {
  return edit || failed ? response.then(edit, failed) : response;
}
