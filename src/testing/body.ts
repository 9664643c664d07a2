/** The content of a write, out of what the user gives. */
import { field, type Answer } from './answer.ts';
import type { Content } from './client.ts';

/** Text and bytes are sent as they are, anything else as JSON. Content-Type is that of `headers`, where there is one. */
export type Body<Current> = string | Uint8Array | object | ((attempt: number, current: Current) => unknown);

export async function contentOf(
  body: Body<never> | undefined,
  attempt: number,
  current: Answer,
): Promise<Content | undefined> {
  const value: unknown = typeof body === 'function' ? await body(attempt, representation(current) as never) : body; // the user says what GET gives
  if (value === undefined) return undefined;
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value), type: 'application/octet-stream' };
  if (typeof value === 'string') return { bytes: Buffer.from(value), type: 'text/plain; charset=utf-8' };
  return { bytes: Buffer.from(JSON.stringify(value)), type: 'application/json' };
}

/** The current representation as the content of the next write wants it: JSON where it is JSON. */
function representation(answer: Answer): unknown {
  const text = answer.content.toString();
  if (!/[/+]json\s*(;|$)/i.test(field(answer, 'Content-Type') ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
