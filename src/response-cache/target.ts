/** A request target whose query has been written in one way, for applications that read it so. */

export interface QueryRules {
  /** Parameters by name, in order of their names; those of one name stay as they are. */
  readonly sort?: boolean;
  /** Names of parameters that the handler does not read: `utm_source`. */
  readonly drop?: readonly string[];
}

/**
 * Parameters are compared as they are written: `utm%5Fsource` is kept, and has a key of its own. So has one with a semicolon, in which another
 * parameter may hide: `utm_source=a;admin=1`.
 */
export function normalizeTarget(target: string, { sort = false, drop = [] }: QueryRules): string {
  const mark = target.indexOf('?');
  if (mark < 0 || (!sort && drop.length === 0)) return target;
  const query = target.slice(mark + 1);
  const kept = query.split('&').filter((parameter) => parameter.includes(';') || !drop.includes(nameOf(parameter)));
  if (sort) kept.sort((a, b) => compare(nameOf(a), nameOf(b)));
  return kept.length === 0 ? target.slice(0, mark) : `${target.slice(0, mark)}?${kept.join('&')}`;
}

function nameOf(parameter: string): string {
  const equals = parameter.indexOf('=');
  return equals < 0 ? parameter : parameter.slice(0, equals);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
