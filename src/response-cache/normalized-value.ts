/** Request fields that mean the same, written in one way (RFC 9111 §4.1): white space where lists allow it, and letter case where it says nothing. */
import { trimmed } from '../http/white-space.ts';

/** A comma in these is text, or every octet counts. */
const NO_LISTS = new Set([
  'authorization',
  'cookie',
  'date',
  'if-modified-since',
  'if-range',
  'if-unmodified-since',
  'proxy-authorization',
  'referer',
  'user-agent',
]);

/** Lists of names without letter case, with weights (RFC 9110 §12.5.2 to §12.5.4). The order of equal weights stays: many servers go by it. */
const WEIGHTED = new Set(['accept-charset', 'accept-encoding', 'accept-language']);

export function normalizedValue(name: string, value: string): string {
  if (NO_LISTS.has(name)) return trimmed(value);
  const text = WEIGHTED.has(name) ? value.toLowerCase() : value;
  const members = splitOutsideQuotes(text, ',');
  if (!members) return trimmed(value);
  if (!WEIGHTED.has(name)) return members.join(', ');
  return members
    .filter((member) => member !== '')
    .map((member) => member.split(';').map(trimmed).join(';'))
    .join(', ');
}

/** Parts without the white space around them; `undefined` where a quoted string does not end. */
function splitOutsideQuotes(text: string, separator: string): readonly string[] | undefined {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"') quoted = !quoted;
    else if (character === '\\' && quoted) i++;
    else if (character === separator && !quoted) {
      parts.push(trimmed(text.slice(start, i)));
      start = i + 1;
    }
  }
  return quoted ? undefined : [...parts, trimmed(text.slice(start))];
}
