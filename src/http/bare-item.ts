/** The values of Structured Fields (RFC 9651 §4.2.3.1 and after), read one by one from a field. `undefined` says that the whole field is void. */
import { isTokenCharacter } from './token.ts';
import { isWhiteSpace } from './white-space.ts';

export type BareItem =
  | { readonly kind: 'integer' | 'decimal' | 'date'; readonly value: number }
  | { readonly kind: 'string' | 'token' | 'display-string'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'byte-sequence'; readonly value: Uint8Array };

/** How far a field has been read. */
export interface Cursor {
  readonly text: string;
  at: number;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function bareItem(cursor: Cursor): BareItem | undefined {
  const first = cursor.text.charAt(cursor.at);
  switch (first) {
    case '"':
      return string(cursor);
    case ':':
      return byteSequence(cursor);
    case '?':
      return boolean(cursor);
    case '@':
      return date(cursor);
    case '%':
      return displayString(cursor);
    default:
      return isDigit(first) || first === '-' ? number(cursor) : token(cursor);
  }
}

/** `( lcalpha / "*" ) *( lcalpha / DIGIT / "_" / "-" / "." / "*" )` (§4.2.3.3) */
export function structuredKey(cursor: Cursor): string | undefined {
  const from = cursor.at;
  const first = cursor.text.charAt(from);
  if (!isLowerCase(first) && first !== '*') return undefined;
  while (isKeyCharacter(cursor.text.charAt(cursor.at))) cursor.at++;
  return cursor.text.slice(from, cursor.at);
}

/** `( ALPHA / "*" ) *( tchar / ":" / "/" )` (§4.2.6), as far as it goes. */
function token(cursor: Cursor): BareItem | undefined {
  const from = cursor.at;
  if (!isTokenStart(cursor.text.charAt(from))) return undefined;
  while (isTokenRest(cursor.text, cursor.at)) cursor.at++;
  return { kind: 'token', value: cursor.text.slice(from, cursor.at) };
}

export function isStructuredToken(text: string): boolean {
  const cursor: Cursor = { text, at: 0 };
  return token(cursor) !== undefined && ended(cursor);
}

/** At most 15 digits, or 12 and 1 to 3 after a point (§4.2.4). */
function number(cursor: Cursor): BareItem | undefined {
  const { text } = cursor;
  const from = cursor.at;
  const digits = text.charAt(from) === '-' ? from + 1 : from;
  cursor.at = afterDigits(text, digits);
  const whole = cursor.at - digits;
  if (whole === 0 || whole > 15) return undefined;
  if (text.charAt(cursor.at) !== '.') return { kind: 'integer', value: Number(text.slice(from, cursor.at)) };
  const point = cursor.at;
  cursor.at = afterDigits(text, point + 1);
  const fraction = cursor.at - point - 1;
  if (whole > 12 || fraction === 0 || fraction > 3) return undefined;
  return { kind: 'decimal', value: Number(text.slice(from, cursor.at)) };
}

function date(cursor: Cursor): BareItem | undefined {
  cursor.at++; // its sign
  const seconds = number(cursor);
  return seconds?.kind === 'integer' ? { kind: 'date', value: seconds.value } : undefined;
}

function boolean(cursor: Cursor): BareItem | undefined {
  const value = cursor.text.charAt(cursor.at + 1);
  cursor.at += 2;
  return value === '0' || value === '1' ? { kind: 'boolean', value: value === '1' } : undefined;
}

/** Printable ASCII; a backslash escapes a quote or a backslash and nothing else (§4.2.5). */
function string(cursor: Cursor): BareItem | undefined {
  const { text } = cursor;
  let value = '';
  for (cursor.at++; cursor.at < text.length; cursor.at++) {
    let character = text.charAt(cursor.at);
    if (character === '"') {
      cursor.at++;
      return { kind: 'string', value };
    }
    if (character === '\\') {
      character = text.charAt(++cursor.at);
      if (character !== '"' && character !== '\\') return undefined;
    } else if (!isPrintable(text.charCodeAt(cursor.at))) return undefined;
    value += character;
  }
  return undefined;
}

/** Base64 between colons; padding may be missing (§4.2.7). */
function byteSequence(cursor: Cursor): BareItem | undefined {
  const end = cursor.text.indexOf(':', cursor.at + 1);
  if (end < 0) return undefined;
  const encoded = cursor.text.slice(cursor.at + 1, end);
  const padding = encoded.indexOf('=');
  const digits = padding < 0 ? encoded : encoded.slice(0, padding);
  const pads = encoded.length - digits.length;
  cursor.at = end + 1;
  if (digits.length % 4 === 1 || pads > 2 || (pads > 0 && encoded.length % 4 !== 0)) return undefined;
  for (let i = 0; i < digits.length; i++) if (!BASE64.includes(digits.charAt(i))) return undefined;
  for (let i = digits.length; i < encoded.length; i++) if (encoded.charAt(i) !== '=') return undefined;
  return { kind: 'byte-sequence', value: new Uint8Array(Buffer.from(digits, 'base64')) };
}

/** UTF-8, percent-encoded with lower-case digits (§4.2.10). */
function displayString(cursor: Cursor): BareItem | undefined {
  const { text } = cursor;
  if (text.charAt(cursor.at + 1) !== '"') return undefined;
  const octets: number[] = [];
  for (cursor.at += 2; cursor.at < text.length; cursor.at++) {
    const code = text.charCodeAt(cursor.at);
    if (code === 0x22) {
      cursor.at++;
      return decoded(octets);
    }
    if (!isPrintable(code)) return undefined;
    const octet = code === 0x25 ? hexOctet(text, cursor.at + 1) : code;
    if (octet === undefined) return undefined;
    octets.push(octet);
    if (code === 0x25) cursor.at += 2;
  }
  return undefined;
}

function decoded(octets: readonly number[]): BareItem | undefined {
  try {
    const value = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(octets));
    return { kind: 'display-string', value };
  } catch {
    return undefined; // not UTF-8
  }
}

function hexOctet(text: string, at: number): number | undefined {
  const [high, low] = ['0123456789abcdef'.indexOf(text.charAt(at)), '0123456789abcdef'.indexOf(text.charAt(at + 1))];
  return high >= 0 && low >= 0 && at + 1 < text.length ? high * 16 + low : undefined;
}

export const ended = ({ text, at }: Cursor): boolean => at >= text.length;

export function skipSpaces(cursor: Cursor): void {
  while (cursor.text.charAt(cursor.at) === ' ') cursor.at++;
}

export function skipWhiteSpace(cursor: Cursor): void {
  while (isWhiteSpace(cursor.text.charCodeAt(cursor.at))) cursor.at++;
}

function afterDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charAt(at))) at++;
  return at;
}

export const isPrintable = (code: number): boolean => code >= 0x20 && code <= 0x7e;
const isDigit = (character: string): boolean => character >= '0' && character <= '9';
const isLowerCase = (character: string): boolean => character >= 'a' && character <= 'z';
const isKeyCharacter = (character: string): boolean =>
  isLowerCase(character) || isDigit(character) || (character !== '' && '_-.*'.includes(character));
const isUpperCase = (character: string): boolean => character >= 'A' && character <= 'Z';
const isTokenStart = (character: string): boolean =>
  isLowerCase(character) || isUpperCase(character) || character === '*';
const isTokenRest = (text: string, at: number): boolean =>
  at < text.length && (isTokenCharacter(text.charCodeAt(at)) || ':/'.includes(text.charAt(at)));
