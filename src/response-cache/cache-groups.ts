/** Cache-Groups and Cache-Group-Invalidation: Lists of Strings (RFC 9875 §2, §3). */
import { isInnerList, parseList } from '../http/structured-field.ts';
import { formatString } from '../http/structured-text.ts';

/** RFC 9875 asks for 32 at least, of 32 characters at least. */
const MAX_GROUPS = 128;
const MAX_GROUP_LENGTH = 256;

/** The groups, each once; none where the field is not one List of Strings. */
export function parseCacheGroups(value: string | undefined): readonly string[] {
  const groups = new Set<string>();
  for (const member of parseList(value ?? '') ?? []) {
    if (isInnerList(member) || member.value.kind !== 'string') return [];
    groups.add(member.value.value);
  }
  return [...groups];
}

/** Whether a store can index them all. A response that is in more could not be invalidated by each, so it is not stored. */
export function areIndexable(groups: readonly string[]): boolean {
  return groups.length <= MAX_GROUPS && groups.every((group) => group.length <= MAX_GROUP_LENGTH);
}

/** The groups as a field value. Throws a TypeError for text beyond printable ASCII. */
export function formatCacheGroups(groups: readonly string[]): string {
  return groups.map(formatString).join(', ');
}
