/** Fields that a client sends to keep a server busy: what parsers count, skip, escape and search for, again and again. */

export interface HostileField {
  readonly name: string;
  /** What the field begins with, what fills it, and what it ends with. */
  readonly parts: readonly [begin: string, fill: string, end: string];
}

export const HOSTILE_FIELDS: readonly HostileField[] = [
  { name: 'quotes', parts: ['', '"', ''] },
  { name: 'commas', parts: ['', ',', ''] },
  { name: 'spaces', parts: ['', ' ', ''] },
  { name: 'white space, then a tag', parts: ['', ' \t', '"a"'] },
  { name: 'white space and commas', parts: ['', ' \t,', ''] },
  { name: 'W/', parts: ['', 'W/', ''] },
  { name: 'W/ and quotes', parts: ['', 'W/"', ''] },
  { name: 'asterisks', parts: ['', '*,', ''] },
  { name: 'one long tag', parts: ['"', 'a', '"'] },
  { name: 'one tag of obs-text', parts: ['"', '\xff', '"'] },
  { name: 'many tags', parts: ['', '"a", ', ''] },
  { name: 'many weak tags', parts: ['', 'W/"a",', ''] },
  { name: 'tags without commas', parts: ['', '"a"', ''] },
  { name: 'an open quote', parts: ['a="', 'a', ''] },
  { name: 'an open quote and commas', parts: ['"', ',', ''] },
  { name: 'members with open quotes', parts: ['', 'a="b,', ''] },
  { name: 'words', parts: ['', 'a,', ''] },
  { name: 'one long word', parts: ['', 'a', ''] },
  { name: 'equals signs', parts: ['', '=', ''] },
  { name: 'names with equals signs', parts: ['', 'a=,', ''] },
  { name: 'directives', parts: ['', 'max-age=1, private="a", ', ''] },
  { name: 'unknown directives', parts: ['', 'a=b,c="d",', ''] },
  { name: 'backslashes in quotes', parts: ['a="', '\\', '"'] },
  { name: 'escaped quotes', parts: ['private="', '\\"', '"'] },
  { name: 'escaped names of fields', parts: ['private="', '\\a,', '"'] },
  { name: 'names of fields', parts: ['private="', 'a ,', '"'] },
  { name: 'digits', parts: ['', '9', ''] },
  { name: 'a long lifetime', parts: ['max-age=', '9', ''] },
  { name: 'a date with many digits', parts: ['Wed, 01 Jan ', '2', ' 10:00:00 GMT'] },
  { name: 'many dates', parts: ['', 'Wed, 01 Jan 2025 10:00:00 GMT, ', ''] },
  { name: 'dashes', parts: ['', '-', 'gzip'] },
  { name: 'suffixes of codings', parts: ['a', '--gzip', ''] },
  { name: 'a digest without an end', parts: ['1-', 'a', '.'] },
  { name: 'codings', parts: ['', 'gzip;q=0,', ''] },
  { name: 'parameters of a coding', parts: ['gzip', ';q=0', ''] },
  { name: 'text beyond Latin-1', parts: ['"', '\u0416', '"'] },
];

/** A field of this size, or shorter by a part of `fill`: a piece that is cut, an escape before the last quote, would be another input. */
export function hostileField({ parts: [begin, fill, end] }: HostileField, size: number): string {
  return begin + fill.repeat((size - begin.length - end.length) / fill.length) + end;
}
