/** What became of the decorated controllers, as text: the same from every compiler. */
import { policyOf } from '../../src/decorators.ts';
import type * as Controllers from './articles.ts';
import type { REFUSED } from './refused.ts';

export function summary(
  { Articles, Drafts, Others, Secrets, Bound }: typeof Controllers,
  refused: typeof REFUSED,
): string {
  const classes: readonly (new (...args: never) => object)[] = [Articles, Drafts, Secrets, Others, Bound];
  const policies = classes.flatMap((Class) => {
    const prototypes = [Class.prototype as object, Articles.prototype];
    const names = prototypes
      .flatMap((prototype) => Reflect.ownKeys(prototype))
      .filter((name) => name in Class.prototype && name !== 'constructor');
    return [policyOf(Class), names.map((name) => [String(name), policyOf(Class, name as never)])];
  });
  const named = (_key: string, value: unknown): unknown =>
    typeof value === 'function' ? `function ${value.name}` : value;
  return JSON.stringify([policies, refused.map(([what, define]) => [what, outcome(define)])], named, 1);
}

function outcome(define: () => unknown): string {
  try {
    define();
    return 'defined';
  } catch (error) {
    return String(error);
  }
}
