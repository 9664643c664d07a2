/** One route in front of a listener: its answer from a known version, or nothing at all (RFC 9110 §13.2). */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { codingMemory } from '../adapters/content-coded.ts';
import { beforehand } from '../conditional/beforehand.ts';
import { conditional, type ConditionalOptions } from '../conditional/conditional.ts';
import { select, type Current } from '../conditional/selection.ts';
import { setValidators } from '../conditional/validator-fields.ts';
import { compose, isContent, type Exchange, type HttpResponse } from '../exchange.ts';
import { isJust } from '../http/entity-tag.ts';
import { EXCHANGES, publish } from '../metrics.ts';
import { checkFunction, checkOptions } from '../options.ts';
import { cacheControl, type PolicySource } from '../policy/cache-control.ts';
import { assertValidators, type Validators } from '../validators/validators.ts';
import { fieldsIn, type Fields } from './declared-fields.ts';
import { exchangeOver, send, told } from './front-exchange.ts';
import { stagedFields, type StagedFields } from './staged-fields.ts';
import type { ParamsOf } from './templates.ts';

/** What is known of a request before any framework: as much of it as Express's `req` and Koa's `ctx` have in common. */
export interface FrontRequest<Params = Readonly<Record<string, string>>> {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Decoded, as on the route inside. */
  readonly params: Params;
  /** Node's own. */
  readonly req: IncomingMessage;
}

export interface FrontRoute<Path extends string = string> extends ConditionalOptions<FrontRequest<ParamsOf<Path>>> {
  /** The same function as on the route inside, which then does not ask it again. */
  readonly current: Current<FrontRequest<ParamsOf<Path>>>;
  /** The same policy as on the route inside. */
  readonly cacheControl?: PolicySource<FrontRequest<ParamsOf<Path>>>;
  /** What the application's other middlewares would set on the 304: CORS and security fields. */
  readonly fields?: Fields | ((request: FrontRequest<ParamsOf<Path>>) => Fields);
}

export interface PreparedRoute {
  /** Whether the request has a precondition that may be answered here. */
  concerns(headers: IncomingHttpHeaders): boolean;
  /** Answers the request if it may be answered here; false says that it is the listener's. */
  answer(
    req: IncomingMessage,
    res: ServerResponse,
    params: Readonly<Record<string, string>>,
  ): boolean | Promise<boolean>;
}

type Given = Validators | null | undefined;

const NAMES = ['current', 'cacheControl', 'fields', 'scope', 'early', 'acceptMangled', 'problem'];
const DATES_AND_WRITES = ['if-match', 'if-unmodified-since', 'if-modified-since'];

/** Why the layers of a route do not answer. */
const NOT_HERE: symbol = Symbol('not here');

const known: Current<FrontRequest> = ({ req }) => beforehand.get(req)?.validators;

export function prepareRoute(where: string, path: string, route: FrontRoute<never>): PreparedRoute {
  checkOptions(where, route, NAMES);
  const { current, cacheControl: policy, fields = {}, ...options } = route;
  checkFunction(where, 'current', current);
  const policies = policy === undefined ? [] : [cacheControl(policy)];
  const layer = compose([...policies, conditional(known, options)]);
  const everything = options.early === 'all';
  const codings = codingMemory();
  let usual: readonly string[] | undefined;
  let learn: (() => void) | undefined;
  if (typeof fields !== 'function' && typeof policy !== 'function' && !options.scope) {
    const staged = stagedFields(fieldsIn(where, fields));
    const hit = (): Promise<HttpResponse> => Promise.resolve({ status: 304, headers: staged, body: null });
    const declared = (): void => void (usual = staged.flat());
    void compose(policies)(exchangeOver(staged), hit).then(declared);
    learn = () => {
      codings.recall(staged);
      declared();
    };
  }

  /** The usual case, one tag and it is the current one: no layer has anything to add to what is known beforehand. */
  function usualFields(headers: IncomingHttpHeaders, given: Given): string[] | undefined {
    const field = headers['if-none-match'];
    if (!usual || field === undefined || !given?.entityTag || given.unsettled || !isJust(field, given.entityTag))
      return undefined;
    if (headers['if-match'] !== undefined || headers['if-unmodified-since'] !== undefined) return undefined;
    assertValidators(given);
    if (given.lastModified === undefined) return [...usual, 'ETag', field];
    const staged = stagedFields();
    setValidators(staged, given, Date.now());
    return [...usual, ...staged.flat()];
  }

  function settle(native: FrontRequest, res: ServerResponse, given: Given, start: number): boolean | Promise<boolean> {
    if (res.headersSent) return true; // somebody has lost patience
    try {
      const head = usualFields(native.headers, given);
      if (!head) return unusual(native, res, start, () => given);
      res.writeHead(304, head).end();
      if (EXCHANGES.hasSubscribers) told(native, path, 304, 0, head, start);
      return true;
    } catch {
      return unusual(native, res, start, () => given); // which says what is wrong with it
    }
  }

  async function unusual(native: FrontRequest, res: ServerResponse, start: number, ask: () => Given): Promise<boolean> {
    const staged = stagedFields();
    const exchange = exchangeOver(staged, native, res);
    const selection = await select(exchange, ask).catch(() => undefined); // a refusal, which the route inside repeats
    if (selection?.kind !== 'known') return false;
    const { validators } = selection;
    beforehand.set(native.req, { current, params: native.params, validators });
    if (!validators || validators.unsettled) return false;
    const response = await fromLayers(exchange, staged);
    if (response && !res.headersSent) {
      send(res, response, staged);
      const bytes = isContent(response.body) && native.method !== 'HEAD' ? Buffer.byteLength(response.body) : 0;
      if (EXCHANGES.hasSubscribers) told(native, path, response.status, bytes, staged.flat(), start);
    }
    return response !== undefined || res.headersSent;
  }

  async function fromLayers(exchange: Exchange, staged: StagedFields): Promise<HttpResponse | undefined> {
    try {
      const own = typeof fields === 'function' ? fields(exchange.native as never) : fields; // typed by the route
      for (const [name, value] of fieldsIn(where, own)) staged.set(name, value);
      const response = await layer(exchange, () => Promise.reject(NOT_HERE));
      codings.learn(staged);
      if (response.status === 304) codings.recall(staged);
      learn?.();
      return response;
    } catch (error) {
      if (error !== NOT_HERE) publish('resolver:failed', exchange, { error });
      return undefined;
    }
  }

  return {
    concerns: (headers) =>
      headers['if-none-match'] !== undefined ||
      (everything && DATES_AND_WRITES.some((name) => headers[name] !== undefined)),

    answer(req, res, params) {
      const { method = '', url = '', headers } = req;
      const start = EXCHANGES.hasSubscribers ? performance.now() : Number.NaN;
      const native: FrontRequest = { method, url, headers, params, req };
      const failed = (error: unknown): Promise<boolean> =>
        unusual(native, res, start, () => {
          throw error;
        });
      try {
        const given = current(native);
        if (!(given instanceof Promise)) return settle(native, res, given, start);
        return given.then((validators) => settle(native, res, validators, start), failed);
      } catch (error) {
        return failed(error);
      }
    },
  };
}
