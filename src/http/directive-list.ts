/** `#( token [ "=" ( token / quoted-string ) ] )`: the grammar of Cache-Control (RFC 9111 §5.2), read member by member in one pass. */
import { isTokenCharacter } from './token.ts';
import { isWhiteSpace } from './white-space.ts';

export interface Directive {
  /** In lower case. */
  readonly name: string;
  /** The token, or the text of the quoted string; absent when the member is a bare name. */
  readonly argument?: string;
  /** True when something other than a legal argument follows the name. */
  readonly malformed: boolean;
}

/** The members of the field in their order; a member that does not even begin with a name is left out. */
export function readDirectives(value: string): Directive[] {
  return members(value).filter((member) => member !== undefined);
}

/** Whether every member of the field is a directive. In one that is not, a restriction may hide: `foo="bar, private`. */
export function isDirectiveList(value: string): boolean {
  return members(value).every((member) => member && !member.malformed);
}

/** The members that are not empty; `undefined` where one does not begin with a name. */
function members(value: string): (Directive | undefined)[] {
  const directives: (Directive | undefined)[] = [];
  for (let start = 0; start < value.length;) {
    const end = memberEnd(value, start);
    const from = skip(value, start, end, isWhiteSpace);
    const nameEnd = skip(value, from, end, isTokenCharacter);
    if (nameEnd > from) directives.push(directive(value.slice(from, nameEnd).toLowerCase(), value, nameEnd, end));
    else if (from < end) directives.push(undefined);
    start = end + 1;
  }
  return directives;
}

function directive(name: string, value: string, from: number, end: number): Directive {
  if (value.charAt(from) !== '=') return { name, malformed: skip(value, from, end, isWhiteSpace) < end };
  const quoted = value.charAt(from + 1) === '"';
  const argumentEnd = quoted ? closingQuote(value, from + 2, end) + 1 : skip(value, from + 1, end, isTokenCharacter);
  const argument = quoted ? unescaped(value.slice(from + 2, argumentEnd - 1)) : value.slice(from + 1, argumentEnd);
  const complete = argumentEnd <= end && argumentEnd > from + 1 && skip(value, argumentEnd, end, isWhiteSpace) === end;
  return { name, argument, malformed: !complete };
}

/** Where the member that begins at `start` ends: at the next comma outside a quoted string (RFC 9110 §5.6.4). */
function memberEnd(value: string, start: number): number {
  for (let i = start; i < value.length; i++) {
    const character = value.charAt(i);
    if (character === ',') return i;
    if (character === '"') i = closingQuote(value, i + 1, value.length);
  }
  return value.length;
}

/** The index of the quote that closes a string, or `end`. */
function closingQuote(value: string, from: number, end: number): number {
  for (let i = from; i < end; i++) {
    const character = value.charAt(i);
    if (character === '"') return i;
    if (character === '\\') i++;
  }
  return end;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  let plain = '';
  for (let i = 0; i < text.length; i++) plain += text.charAt(text.charAt(i) === '\\' ? ++i : i);
  return plain;
}

function skip(value: string, from: number, end: number, test: (code: number) => boolean): number {
  let at = from;
  while (at < end && test(value.charCodeAt(at))) at++;
  return at;
}
