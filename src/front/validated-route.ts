/** One route in front of a listener: its answer from a known version, or nothing at all (RFC 9110 §13.2). */
import type { IncomingHttpHeaders } from 'node:http';
import { codingMemory } from '../adapters/content-coded.ts';
import { beforehand } from '../conditional/beforehand.ts';
import { conditional } from '../conditional/conditional.ts';
import { select, type Current } from '../conditional/selection.ts';
import { setValidators } from '../conditional/validator-fields.ts';
import { compose, type HttpResponse } from '../exchange.ts';
import { isJust } from '../http/entity-tag.ts';
import { EXCHANGES } from '../metrics.ts';
import { checkFunction } from '../options.ts';
import { cacheControl } from '../policy/cache-control.ts';
import { storedAnswers } from '../response-cache/stored-answers.ts';
import type { Soon } from '../response-stores/response-store.ts';
import { assertValidators, type Validators } from '../validators/validators.ts';
import type { Stored } from './cached-route.ts';
import { fieldsIn } from './declared-fields.ts';
import { frontExchange, requestless, send, tell, type Arrival, type FrontRequest } from './front-exchange.ts';
import type { FrontRoute, PreparedRoute } from './front-route.ts';
import { layered, type Place } from './layered.ts';
import { stagedFields } from './staged-fields.ts';

type Given = Validators | null | undefined;

const DATES_AND_WRITES = ['if-match', 'if-unmodified-since', 'if-modified-since'];

const known: Current<FrontRequest> = ({ req }) => beforehand.get(req)?.validators;

export function validatedRoute(place: Place, route: FrontRoute<never>, stored: Stored | undefined): PreparedRoute {
  const { where, path } = place;
  const { current, cacheControl: policy, fields = {}, cache: _cache, ...options } = route;
  checkFunction(where, 'current', current);
  const resolve = current as Current<FrontRequest>; // typed by the route, and just checked
  const policies = policy === undefined ? [] : [cacheControl(policy)];
  const inner = stored ? [storedAnswers(stored.settings, stored.finder)] : [];
  const ask = layered(place, compose([...policies, conditional(known, options), ...inner]), fields);
  const everything = options.early === 'all';
  const codings = codingMemory();
  let usual: readonly string[] | undefined;
  let learn: (() => void) | undefined;
  if (typeof fields !== 'function' && typeof policy !== 'function' && !options.scope) {
    const staged = stagedFields(fieldsIn(where, fields));
    const hit = (): Promise<HttpResponse> => Promise.resolve({ status: 304, headers: staged, body: null });
    const declared = (): void => void (usual = staged.flat());
    void compose(policies)(requestless(staged), hit).then(declared);
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

  function settle(arrival: Arrival, given: Given): Soon<boolean> {
    const { native, res } = arrival;
    if (res.headersSent) return true; // somebody has lost patience
    try {
      const head = usualFields(native.headers, given);
      if (!head) return unusual(arrival, () => given);
      res.writeHead(304, head).end();
      if (EXCHANGES.hasSubscribers) tell(arrival, head, { route: path, status: 304 });
      return true;
    } catch {
      return unusual(arrival, () => given); // which says what is wrong with it
    }
  }

  async function unusual(arrival: Arrival, given: () => Given): Promise<boolean> {
    const { native, res } = arrival;
    const staged = stagedFields();
    const exchange = frontExchange(staged, arrival);
    const selection = await select(exchange, given).catch(() => undefined); // a refusal, which the route inside repeats
    if (selection?.kind !== 'known') return false;
    const { validators } = selection;
    beforehand.set(native.req, { current, params: native.params, validators });
    if (!validators || validators.unsettled) return false;
    const response = await ask(exchange, staged);
    if (response) {
      codings.learn(staged);
      if (response.status === 304) codings.recall(staged);
      learn?.();
    }
    if (response && !res.headersSent) send(arrival, response, staged);
    return response !== undefined || res.headersSent;
  }

  return {
    concerns: (headers) =>
      headers['if-none-match'] !== undefined ||
      stored !== undefined ||
      (everything && DATES_AND_WRITES.some((name) => headers[name] !== undefined)),

    answer(arrival) {
      const failed = (error: unknown): Promise<boolean> =>
        unusual(arrival, () => {
          throw error;
        });
      try {
        const given = resolve(arrival.native);
        if (!(given instanceof Promise)) return settle(arrival, given);
        return given.then((validators) => settle(arrival, validators), failed);
      } catch (error) {
        return failed(error);
      }
    },
  };
}
