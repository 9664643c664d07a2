/** Which of the writers can still be found in what GET gives after all of them. */
import type { Answer } from './answer.ts';
import type { Content } from './client.ts';

/** The writer whose content is there while that of the others is not; nothing where that cannot be told. */
export function survivors(sent: readonly (Content | undefined)[], { content }: Answer): number[] {
  const found = sent.flatMap((each, i) => (each && holds(content, each.bytes) ? [i] : []));
  return found.length === 1 ? found : [];
}

/** Whether a representation has all that was sent: the same bytes, or each member of the JSON. */
function holds(representation: Buffer, sent: Buffer): boolean {
  if (representation.equals(sent)) return true;
  const [there, wanted] = [parsed(representation), parsed(sent)];
  return wanted !== undefined && there !== undefined && includes(there, wanted);
}

function includes(there: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return there === wanted;
  if (typeof there !== 'object' || there === null) return false;
  const members = new Map(Object.entries(there));
  return Object.entries(wanted).every(([name, value]) => includes(members.get(name), value));
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return undefined;
  }
}
