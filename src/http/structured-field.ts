/** Structured Fields (RFC 9651 §4.2): a field value as a Dictionary, a List or an Item. What does not parse to its end is void as a whole. */
import { bareItem, ended, skipSpaces, skipWhiteSpace, structuredKey, type BareItem, type Cursor } from './bare-item.ts';

export type Parameters = ReadonlyMap<string, BareItem>;

export interface Item {
  readonly value: BareItem;
  readonly parameters: Parameters;
}

export interface InnerList {
  readonly items: readonly Item[];
  readonly parameters: Parameters;
}

export type Member = Item | InnerList;
export type Dictionary = ReadonlyMap<string, Member>;

/** A Dictionary (§4.2.2); of a repeated key the last counts. An empty field is an empty Dictionary. */
export function parseDictionary(value: string): Dictionary | undefined {
  return wholeField(value, dictionary);
}

/** A List (§4.2.1); an empty field is an empty List. */
export function parseList(value: string): readonly Member[] | undefined {
  return wholeField(value, list);
}

/** An Item (§4.2.3). */
export function parseItem(value: string): Item | undefined {
  return wholeField(value, item);
}

export function isInnerList(member: Member): member is InnerList {
  return 'items' in member;
}

function wholeField<T>(text: string, read: (cursor: Cursor) => T | undefined): T | undefined {
  const cursor: Cursor = { text, at: 0 };
  skipSpaces(cursor);
  const found = read(cursor);
  skipSpaces(cursor);
  return ended(cursor) ? found : undefined;
}

function dictionary(cursor: Cursor): Dictionary | undefined {
  const members = new Map<string, Member>();
  const read = (): boolean => {
    const key = structuredKey(cursor);
    if (key === undefined) return false;
    const member = next(cursor, '=') ? itemOrInnerList(cursor) : bareTrue(cursor);
    if (!member) return false;
    members.set(key, member);
    return true;
  };
  return separated(cursor, read) ? members : undefined;
}

function list(cursor: Cursor): readonly Member[] | undefined {
  const members: Member[] = [];
  const read = (): boolean => {
    const member = itemOrInnerList(cursor);
    if (member) members.push(member);
    return member !== undefined;
  };
  return separated(cursor, read) ? members : undefined;
}

/** Members with commas between them, none of them empty. */
function separated(cursor: Cursor, read: () => boolean): boolean {
  while (!ended(cursor)) {
    if (!read()) return false;
    skipWhiteSpace(cursor);
    if (ended(cursor)) return true;
    if (!next(cursor, ',')) return false;
    skipWhiteSpace(cursor);
    if (ended(cursor)) return false;
  }
  return true;
}

function itemOrInnerList(cursor: Cursor): Member | undefined {
  return cursor.text.charAt(cursor.at) === '(' ? innerList(cursor) : item(cursor);
}

function innerList(cursor: Cursor): InnerList | undefined {
  cursor.at++; // its parenthesis
  const items: Item[] = [];
  for (;;) {
    skipSpaces(cursor);
    if (next(cursor, ')')) {
      const found = parameters(cursor);
      return found && { items, parameters: found };
    }
    const found = item(cursor);
    if (!found) return undefined;
    items.push(found);
    const after = cursor.text.charAt(cursor.at);
    if (after !== ' ' && after !== ')') return undefined;
  }
}

function item(cursor: Cursor): Item | undefined {
  const value = bareItem(cursor);
  const found = value && parameters(cursor);
  return found && { value, parameters: found };
}

function bareTrue(cursor: Cursor): Item | undefined {
  const found = parameters(cursor);
  return found && { value: { kind: 'boolean', value: true }, parameters: found };
}

/** `*( ";" *SP key [ "=" bare-item ] )` (§4.2.3.2) */
function parameters(cursor: Cursor): Parameters | undefined {
  const found = new Map<string, BareItem>();
  while (next(cursor, ';')) {
    skipSpaces(cursor);
    const key = structuredKey(cursor);
    if (key === undefined) return undefined;
    const value: BareItem | undefined = next(cursor, '=') ? bareItem(cursor) : { kind: 'boolean', value: true };
    if (!value) return undefined;
    found.set(key, value);
  }
  return found;
}

function next(cursor: Cursor, character: string): boolean {
  const is = cursor.text.charAt(cursor.at) === character;
  if (is) cursor.at++;
  return is;
}
