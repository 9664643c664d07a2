/** A message of the bus as text: who, the number, and either a beat or a purge. Names alone, never content; what is odd is no message. */
import type { Purge } from './response-store.ts';

export interface Message {
  readonly from: string;
  /** Of its publisher's messages, counted from 1; of a beat, that of the message before it. */
  readonly number: number;
  readonly beat?: number;
  readonly what?: Purge;
}

const VERSION = 1;
const LONGEST = 65_536;

/** The same purge in as many texts as it takes; a name that is too long for one makes it a purge of everything. */
export function textsOf(what: Purge, next: () => Pick<Message, 'from' | 'number'>): readonly string[] {
  const { keys = [], tags = [], all = false, soft = false } = what;
  const names = keys.length + tags.length;
  const length = [...keys, ...tags].reduce((sum, name) => sum + 8 + 6 * name.length, 200); // \u and four digits at worst
  if (length <= LONGEST) return [messageOf({ ...next(), what: { keys, tags, all, soft } })];
  if (names === 1) return [messageOf({ ...next(), what: { all: true, soft } })];
  const [half, halfOfTags] = [Math.ceil(keys.length / 2), Math.floor(tags.length / 2)];
  const parts = [
    { keys: keys.slice(0, half), tags: tags.slice(0, halfOfTags), all, soft },
    { keys: keys.slice(half), tags: tags.slice(halfOfTags), soft },
  ];
  return parts.flatMap((part) => textsOf(part, next));
}

export function messageOf(message: Message): string {
  return JSON.stringify({ v: VERSION, ...message });
}

export function read(text: unknown): Message | undefined {
  if (typeof text !== 'string' || text.length > LONGEST) return undefined;
  const given = parsed(text);
  if (given?.['v'] !== VERSION) return undefined;
  const { from, number, beat, what } = given;
  if (typeof from !== 'string' || from.length > 64 || !isCount(number)) return undefined;
  if (beat !== undefined) return isCount(beat) && what === undefined ? { from, number, beat } : undefined;
  const purge = purgeOf(what);
  return purge && { from, number, what: purge };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>; // every property is checked
  } catch {
    return undefined;
  }
}

function purgeOf(given: unknown): Purge | undefined {
  const { keys = [], tags = [], all = false, soft = false } = Object(given) as Record<keyof Purge, unknown>; // every one is checked
  if (!isTexts(keys) || !isTexts(tags) || typeof all !== 'boolean' || typeof soft !== 'boolean') return undefined;
  return { keys, tags, all, soft };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((member) => typeof member === 'string');
}
