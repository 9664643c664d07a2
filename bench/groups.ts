/** Which targets are measured together. A server that is idle beside many others loses its caches: few at a time give figures that repeat. */
import { BUDGETS } from './budgets.ts';
import type { Target } from './target.ts';

const MOST = 6;

/** Each reference with what is compared with it, so that a target may be in several groups; what no budget names stands beside its own framework. */
export function groupsOf(wanted: readonly Target[]): Target[][] {
  const pairs = BUDGETS.flatMap((budget) => ('over' in budget ? [budget] : []));
  const compared = [...new Set(pairs.map(({ over }) => over))].map((over) => {
    const names = new Set([over, ...pairs.filter((pair) => pair.over === over).map(({ of }) => of)]);
    return wanted.filter(({ name }) => names.has(name));
  });
  const groups = compared.filter((group) => group.length > 1);
  const alone = wanted.filter((target) => !groups.some((group) => group.includes(target)));
  const frameworks = [...new Set(alone.map(frameworkOf))];
  const rest = frameworks.flatMap((name) => inParts(alone.filter((target) => frameworkOf(target) === name)));
  return [...groups, ...rest];
}

function frameworkOf({ name }: Target): string {
  return name.slice(0, name.indexOf('/'));
}

function inParts(targets: readonly Target[]): Target[][] {
  return targets.length === 0 ? [] : [targets.slice(0, MOST), ...inParts(targets.slice(MOST))];
}
