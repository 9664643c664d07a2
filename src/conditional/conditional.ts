/** The layer behind `conditional(current)`: preconditions answered before the handler where they may be, else after it (RFC 9110 §13.2). */
import { ConfigurationError } from '../errors.ts';
import { unchanged, type Exchange, type HttpResponse, type Layer, type Next } from '../exchange.ts';
import { isAsterisk } from '../http/entity-tag.ts';
import { isRead, isUnsafe } from '../http/methods.ts';
import { OF_A_PART, PRECONDITIONS } from '../http/request-conditions.ts';
import type { Problem } from '../http/problem.ts';
import { warnOnce } from '../misuse.ts';
import { checkBoolean, checkFunction, checkOptions } from '../options.ts';
import type { Validators } from '../validators/validators.ts';
import { refusal, refuse, UNAVAILABLE, type WriteRules } from './admission.ts';
import { answerAfterHandler, isSuccess, preconditionFailed, withoutValidators } from './after-handler.ts';
import { notModified, stagedForSuccess, withoutStaged } from './answer.ts';
import { readReadings } from './client-tags.ts';
import { evaluate } from './preconditions.ts';
import { leave, select, type Current, type Scope } from './selection.ts';
import { setValidators, withoutDigest } from './validator-fields.ts';

export interface ConditionalOptions<Native = never> {
  /** Whom the representation is for, a role or a tenant: its tag then means nothing to anybody else. */
  readonly scope?: Scope<Native>;
  /**
   * What may be answered before the handler: `'tags'`, the default, only a 304 to a client that lists the current tag, so that a handler which
   * checks access itself gives nothing away; `'all'` where authorization ran before.
   */
  readonly early?: 'tags' | 'all';
  /** Also match tags that a compressing intermediary changed (`W/`, `-gzip`, `;gzip`). Default false. */
  readonly acceptMangled?: boolean;
  /** Rewrites the problem details of a refusal. */
  readonly problem?: (problem: Problem, native: Native) => object;
}

const WHERE = 'conditional(current, options)';

/** Reads: 304, or 412 for If-Match. Unsafe methods: what preconditions are present is enforced, none is demanded. */
export function conditional<Native = never>(current: Current<Native>, options: ConditionalOptions<Native> = {}): Layer {
  checkFunction(WHERE, 'current', current);
  checkOptions(WHERE, options, ['scope', 'early', 'acceptMangled', 'problem']);
  const { scope, early = 'tags', acceptMangled = false, problem } = options;
  if (scope !== undefined) checkFunction(WHERE, 'scope', scope);
  if (problem !== undefined) checkFunction(WHERE, 'problem', problem);
  if (early !== 'tags' && early !== 'all') throw new ConfigurationError(WHERE, "early to be 'tags' or 'all'", early);
  checkBoolean(WHERE, 'acceptMangled', acceptMangled);
  const rules: WriteRules = {
    required: false,
    create: true,
    allowStar: true,
    allowDates: true,
    acceptMangled,
    reveal: true,
    problem,
  };

  return (exchange, next) => {
    if (isRead(exchange.method)) return read(exchange, next);
    return isUnsafe(exchange.method) ? write(exchange, next) : next(unchanged);
  };

  async function read(exchange: Exchange, next: Next): Promise<HttpResponse> {
    const selection = await select(exchange, current, scope);
    const bound = selection.kind === 'known' ? selection.bound : undefined;
    const answer = bound && !bound.unsettled ? beforeHandler(exchange, bound) : undefined;
    if (answer) return answer;
    leave(exchange, current, selection);
    if (bound?.unsettled) return unsettled(exchange, next);
    if (exchange.preconditions === 'open') exchange.preconditions = 'claimed';
    const staged = stagedForSuccess(exchange.staged);
    return next(
      (response) => {
        if (response.status === 304) return response;
        if (!isSuccess(response.status)) return withoutValidators(response, staged);
        if (selection.kind === 'failed') withoutDigest(response);
        if (staged.etag !== undefined && response.headers.get('ETag') !== staged.etag)
          warnOnce('ERR_UNSTALE_TWO_TAGS', current, WHERE);
        return answerAfterHandler(exchange, response, rules);
      },
      (error) => {
        withoutStaged(exchange.staged, staged);
        throw error;
      },
    );
  }

  /** Sets the validators, and decides where nothing is given away by it. */
  function beforeHandler(exchange: Exchange, validators: Validators): HttpResponse | undefined {
    const now = Date.now();
    setValidators(exchange.staged, validators, now);
    if (exchange.preconditions === 'settled') return undefined;
    const decision = evaluate(exchange, validators, now, readReadings(exchange, acceptMangled));
    const { kind } = decision;
    if (kind === 'not-modified' && (early === 'all' || listsTags(exchange)))
      return settled(exchange, notModified(exchange, validators.entityTag));
    if (kind === 'precondition-failed' && early === 'all')
      return settled(exchange, preconditionFailed(exchange, decision.field, validators.entityTag, problem));
    exchange.hide(...PRECONDITIONS);
    switch (kind) {
      case 'not-modified':
        exchange.hide(...OF_A_PART); // a 304 stands for the whole representation
        return undefined;
      case 'precondition-failed':
        return undefined;
      case 'ignore-range':
        exchange.hide(...OF_A_PART);
        return settled(exchange);
      case 'proceed':
        exchange.hide('if-range'); // it holds: Range counts, and nobody has to compare again
        return settled(exchange);
    }
  }

  async function write(exchange: Exchange, next: Next): Promise<HttpResponse> {
    const selection = await select(exchange, current, scope);
    leave(exchange, current, selection);
    const conditions = PRECONDITIONS.some((name) => exchange.header(name) !== undefined);
    exchange.preconditions = 'settled';
    if (selection.kind === 'failed') return refuse(exchange, UNAVAILABLE, rules);
    if (conditions && selection.bound?.unsettled) return refuse(exchange, UNAVAILABLE, rules);
    const why = conditions ? refusal(exchange, selection.bound, rules) : undefined;
    if (why) return refuse(exchange, why, rules);
    exchange.hide(...PRECONDITIONS);
    return next(withoutDigest);
  }
}

/** Nobody can say which version the handler will read: it answers in full, and the answer is good for this once. */
function unsettled(exchange: Exchange, next: Next): Promise<HttpResponse> {
  exchange.preconditions = 'settled';
  exchange.hide(...PRECONDITIONS, ...OF_A_PART);
  return next((response) => {
    if (!isSuccess(response.status)) return response;
    for (const name of ['ETag', 'Last-Modified', 'CDN-Cache-Control']) response.headers.delete(name);
    response.headers.set('Cache-Control', 'no-store');
    return response;
  });
}

/** A tag in the request shows that its sender has had the representation; `*` and a date show nothing. */
function listsTags(exchange: Exchange): boolean {
  const ifNoneMatch = exchange.header('if-none-match');
  return ifNoneMatch !== undefined && !isAsterisk(ifNoneMatch);
}

function settled(exchange: Exchange, answer?: HttpResponse): HttpResponse | undefined {
  exchange.preconditions = 'settled';
  return answer;
}
