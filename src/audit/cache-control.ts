/** Checks of Cache-Control: what is written there, and whether one directive undoes another. Pure. */
import { conflictIn } from '../http/cache-conflict.ts';
import { directiveName, parseCacheControl } from '../http/cache-directives.ts';
import { isDirectiveList, readDirectives, type Directive } from '../http/directive-list.ts';
import { nearest } from '../options.ts';
import { field, isSuccess, type Answer } from '../testing/answer.ts';
import { advised, failed, passed, skipped } from '../testing/check.ts';
import type { MessageCheck } from './message-check.ts';

export type CacheControlCheck = 'cache-control-syntax' | 'cache-control-conflict' | 'cache-control-guess';

const NONE = skipped('there is no Cache-Control');

/** By their arguments. */
const LIFETIMES = ['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error'];
const LISTS = ['private', 'no-cache'];
const BARE = [
  'public',
  'no-store',
  'no-transform',
  'must-revalidate',
  'proxy-revalidate',
  'must-understand',
  'immutable',
];
const OF_REQUESTS = new Set(['max-stale', 'min-fresh', 'only-if-cached']);
const KNOWN = [...LIFETIMES, ...LISTS, ...BARE];

export const CACHE_CONTROL_CHECKS: readonly MessageCheck<CacheControlCheck>[] = [
  {
    id: 'cache-control-syntax',
    sentence: 'Cache-Control is a list of directives with the arguments that they take, each of them once',
    rfc: 'RFC 9111 §5.2',
    look(answer) {
      const value = field(answer, 'Cache-Control');
      if (value === undefined) return NONE;
      const hint = 'A cache takes a lifetime that it cannot read for stale, and other directives for none';
      if (!isDirectiveList(value))
        return failed('members such as max-age=60, with commas between them', shown(value), hint);
      const members = readDirectives(value);
      const flaw = members.map((member) => flawOf(member)).find((found) => found !== undefined);
      if (flaw !== undefined) return failed(flaw, shown(value), hint);
      const quoted = LIFETIMES.find((name) => new RegExp(`(^|[\\s,])${name}="`, 'i').test(value));
      if (quoted !== undefined) return advised(`${quoted} without quotes`, shown(value), hint);
      const twice = members.find(({ name }, i) => members.findIndex((other) => other.name === name) < i);
      if (twice) {
        return advised(`${twice.name} once`, shown(value), 'Caches differ in which one counts: the first, the least');
      }
      const misspelt = members.map(({ name }) => meantBy(name)).find((found) => found !== undefined);
      return misspelt === undefined
        ? passed
        : advised(misspelt, shown(value), 'Caches leave out what they do not know');
    },
  },
  {
    id: 'cache-control-conflict',
    sentence: 'No directive of Cache-Control undoes another one',
    rfc: 'RFC 9111 §5.2.2',
    look(answer) {
      const value = field(answer, 'Cache-Control');
      if (value === undefined) return NONE;
      const conflict = contradiction(value);
      if (conflict === undefined) return passed;
      const [beside, why] = conflict;
      return advised(beside, shown(value), why);
    },
  },
  {
    id: 'cache-control-guess',
    sentence:
      'A 200 with Last-Modified says how long it stays fresh, or that it does not: caches guess from the date otherwise',
    rfc: 'RFC 9111 §4.2.2',
    look(answer) {
      if (!isSuccess(answer)) return skipped('it is not a 2xx');
      if (field(answer, 'Last-Modified') === undefined) return skipped('there is no Last-Modified to guess from');
      const said = parseCacheControl(field(answer, 'Cache-Control') ?? '');
      const known = said.maxAge ?? said.sMaxAge ?? said.noCache ?? said.noStore;
      if (known !== undefined || field(answer, 'Expires') !== undefined) return passed;
      const hint =
        'Browsers may reuse it without asking, for a tenth of the time since then: send Cache-Control: no-cache to have it validated, or a max-age';
      return advised('max-age, no-cache or no-store', shown(field(answer, 'Cache-Control') ?? '(none)'), hint);
    },
  },
];

const shown = (value: string): string => `Cache-Control: ${value}`;

/** What should stand in the place of a directive, if it is not right. */
function flawOf({ name, argument }: Directive): string | undefined {
  if (LIFETIMES.includes(name) && !/^\d+$/.test(argument ?? '')) return `${name} with whole seconds`;
  if (BARE.includes(name) && argument !== undefined) return `${name} without an argument`;
  return undefined;
}

/** What was most likely meant by a directive that a response does not have. */
function meantBy(name: string): string | undefined {
  if (KNOWN.includes(name)) return undefined;
  if (OF_REQUESTS.has(name)) return `no ${name}, which is for requests`;
  if (name === 'pre-check' || name === 'post-check')
    return `no ${name}, which no browser has ever known but one that is gone`;
  const meant = /^Did you mean (.+)\?$/.exec(nearest(name, KNOWN))?.[1];
  return meant === undefined || meant.replaceAll('-', '').length < 5 ? undefined : `${meant} in place of ${name}`;
}

/** What contradicts what, and why. A lifetime of 0 is an emphasis, and undoes nothing. */
function contradiction(value: string): readonly [expected: string, why: string] | undefined {
  const said = parseCacheControl(value);
  const conflict = conflictIn(Object.fromEntries(Object.entries(said).filter(([, meaning]) => meaning !== 0)));
  if (conflict) {
    const [one, other] = [conflict[0], conflict[1]].map(directiveName);
    return [`${one} or ${other}, not both`, `Leave out the one that is not meant: ${conflict[2]}`];
  }
  if (!said.immutable || (said.maxAge ?? 0) > 0) return undefined;
  return ['max-age beside immutable', 'immutable counts while a response is fresh, and this one never is'];
}

/** Whether a shared cache may keep the answer, and whether it says so itself. */
export function sharing(answer: Answer): 'explicit' | 'implicit' | 'no' {
  const said = parseCacheControl(field(answer, 'Cache-Control') ?? '');
  if (said.noStore || said.private === true) return 'no';
  if (said.noCache === true) return 'no'; // it is validated first, by the origin that knows who asks
  if (said.public || (said.sMaxAge ?? 0) > 0) return 'explicit';
  return (said.sMaxAge ?? said.maxAge ?? 0) > 0 ? 'implicit' : 'no';
}
