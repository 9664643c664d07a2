/** If-Match and If-None-Match read with regular expressions (RFC 9110 §8.8.3, §5.6.1): a second opinion on what a list of tags says. */

/** One legal entity tag: `W/` and the text between the quotes. */
export const ENTITY_TAG = /^(?<weak>W\/)?"(?<opaque>[\x21\x23-\x7e\x80-\xff]*)"$/;

/** Not a tag, so it matches none. */
export const NO_TAG = 'none';

/** The longest field of this kind that unstale reads. */
export const LONGEST = 16 * 1024;

/** The members without the spaces and tabs around them, and without empty ones; a comma between quotes, closed or not, separates nothing. */
export function membersOf(list: string): string[] {
  const members = list.match(/(?:[^",]|"[^"]*(?:"|$))+/g) ?? [];
  return members.map((member) => member.replace(/^[ \t]+|[ \t]+$/g, '')).filter((member) => member !== '');
}

/** Only the members that are legal tags. */
export function tagsOf(list: string): string[] {
  return membersOf(list).filter((member) => ENTITY_TAG.test(member));
}

/** Whether the field is `*`, but for spaces and tabs around it. */
export function isStar(list: string): boolean {
  return /^[ \t]*\*[ \t]*$/.test(list);
}
