/** Which field governs a cache: the first targeted one that is valid and not empty, else Cache-Control and Expires (RFC 9213 §2.2). */
import { directivesOf, parseCacheControl, type CacheDirectives } from '../http/cache-directives.ts';
import { isDirectiveList, type Directive } from '../http/directive-list.ts';
import { isInnerList, parseDictionary, type Member } from '../http/structured-field.ts';
import { fieldValue } from './field-lines.ts';
import type { FieldLine } from '../response-stores/stored-response.ts';

export interface GoverningPolicy {
  readonly directives: CacheDirectives;
  /** The targeted field that they come from: Cache-Control and Expires then say nothing. */
  readonly target?: string;
  /** False where Cache-Control holds something that is no directive. */
  readonly readable: boolean;
}

export function governingPolicy(fields: readonly FieldLine[], targets: readonly string[]): GoverningPolicy {
  for (const target of targets) {
    const members = parseDictionary(fieldValue(fields, target) ?? '');
    if (!members || members.size === 0) continue;
    return { directives: directivesOf([...members].map(directive)), target, readable: true };
  }
  const value = fieldValue(fields, 'cache-control') ?? '';
  return { directives: parseCacheControl(value), readable: isDirectiveList(value) };
}

/** A member as the directive that it stands for. One of another type is malformed, and never coerced (RFC 9213 §2.1): `max-age="60"`. */
function directive([name, member]: readonly [string, Member]): Directive {
  if (isInnerList(member)) return { name, malformed: true };
  const { value: item } = member;
  switch (item.kind) {
    case 'boolean':
      return { name, malformed: !item.value };
    case 'integer':
      return { name, argument: String(item.value), malformed: false };
    case 'token':
      return { name, argument: item.value, malformed: false };
    case 'string':
      return { name, argument: item.value, malformed: isLifetime(item.value) };
    case 'decimal':
    case 'date':
    case 'byte-sequence':
    case 'display-string':
      return { name, malformed: true };
  }
}

/** Field names are Strings here, lifetimes are not. */
function isLifetime(text: string): boolean {
  return text !== '' && Number.isInteger(Number(text));
}
