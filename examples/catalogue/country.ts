/** A country as it is read and written, and what is refused before anything is written. */
import { badRequest } from './problem.ts';

/** What GET gives and PUT takes, member for member. */
export interface Country {
  readonly code: string;
  readonly name: string;
  readonly official: string;
  readonly capitals: readonly string[];
  readonly region: string;
  readonly subregion: string;
  /** Square kilometres; null where the source does not know. */
  readonly area: number | null;
  /** ISO 639-3 code to English name. */
  readonly languages: Readonly<Record<string, string>>;
}

const CODE = /^[A-Z]{3}$/;

/** SQLite ends a text at U+0000 and cannot store half a surrogate pair: what was sent could not be given back. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/** Each member: what it has to be, and whether it is. */
const MEMBERS: Record<keyof Country, readonly [expected: string, holds: (value: unknown) => boolean]> = {
  code: ['three capital letters', isCode],
  name: ['a text of 1 to 200 characters', (value) => isText(value) && value !== ''],
  official: ['a text of 1 to 200 characters', (value) => isText(value) && value !== ''],
  capitals: [
    'a list of at most 10 texts',
    (value) => Array.isArray(value) && value.length <= 10 && value.every(isText),
  ],
  region: ['a text of 1 to 200 characters', (value) => isText(value) && value !== ''],
  subregion: ['a text of at most 200 characters', isText],
  area: ['square kilometres, or null', (value) => value === null || isArea(value)],
  languages: ['an object of at most 50 texts by their ISO 639-3 code', isLanguages],
};

export function isCode(value: unknown): value is string {
  return typeof value === 'string' && CODE.test(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 200 && !UNSTORABLE.test(value);
}

/** The content of a PUT: every member, no other, and the code of the URL. */
export function parseCountry(content: unknown, code: unknown): Country {
  const country = parseChanges(content, code);
  const missing = Object.keys(MEMBERS).filter((name) => !(name in country));
  if (missing.length > 0) throw badRequest(`Missing: ${missing.join(', ')}`);
  return country as Country; // every member is there, and parseChanges has checked each
}

/** The content of a PATCH: the members that change, at least one. */
export function parseChanges(content: unknown, code: unknown): Partial<Country> {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw badRequest('Send a JSON object, as application/json in UTF-8');
  }
  const members = Object.entries(content);
  if (members.length === 0) throw badRequest(`Send at least one of ${Object.keys(MEMBERS).join(', ')}`);
  for (const [name, value] of members) checkMember(name, value);
  if ('code' in content && content.code !== code) throw badRequest('code: expected the one of the URL');
  return content;
}

function checkMember(name: string, value: unknown): void {
  if (!Object.hasOwn(MEMBERS, name)) throw badRequest(`Unknown: ${name}. Known are ${Object.keys(MEMBERS).join(', ')}`);
  const [expected, holds] = MEMBERS[name as keyof Country]; // it has this name, as the line above says
  if (!holds(value)) throw badRequest(`${name}: expected ${expected}`);
}

function isArea(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < 1e9;
}

function isLanguages(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= 50 && entries.every(([code, name]) => /^[a-z]{3}$/.test(code) && isText(name));
}
