/** What `--unsafe` and the options beside it say. */
import { readFileSync } from 'node:fs';
import type { Writes } from '../audit/audit.ts';
import { countOf } from './count.ts';
import { resolved } from './urls.ts';
import { messageOf, usageError } from './usage-error.ts';

/** The options as `parseArgs` gives them. */
interface Given {
  readonly unsafe?: string | undefined;
  readonly method?: string | undefined;
  readonly body: readonly string[];
  readonly 'body-file': readonly string[];
  readonly read?: string | undefined;
  readonly rounds?: string | undefined;
}

const METHODS = ['PUT', 'PATCH', 'POST'];
const ALONE = ['method', 'body', 'body-file', 'read', 'rounds'] as const;

export function writesOf(values: Given, first: URL | undefined): Writes | undefined {
  if (values.unsafe === undefined) {
    const lonely = ALONE.find((name) => (values[name]?.length ?? 0) > 0);
    if (lonely === undefined) return undefined;
    throw usageError(`--${lonely} is for writes: say --unsafe URL, too`);
  }
  const url = resolved('--unsafe', values.unsafe, first);
  const read = values.read === undefined ? url : resolved('--read', values.read, url);
  if (read.origin !== url.origin) throw usageError('--read has to be of the same origin as --unsafe');
  const method = (values.method ?? 'PUT').toUpperCase();
  if (!METHODS.includes(method))
    throw usageError(`--method takes ${METHODS.join(', ')}, not ${JSON.stringify(method)}`);
  const bodies = [...values.body.map((text) => Buffer.from(text)), ...values['body-file'].map(contentOf)];
  if (bodies.length === 0 && method !== 'POST') throw usageError(`--unsafe with ${method} needs --body or --body-file`);
  const rounds = countOf('--rounds', values.rounds ?? '5', 0);
  return { method, url, read, rounds, content: (attempt) => filled(bodies[(attempt - 1) % bodies.length], attempt) };
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw usageError(`--body-file ${file} cannot be read: ${messageOf(error)}`);
  }
}

/** One octet is one character here, so that any content comes through as it is. */
function filled(body: Buffer | undefined, attempt: number): { bytes: Buffer; type: string } | undefined {
  if (!body) return undefined;
  const bytes = Buffer.from(body.toString('latin1').replaceAll('{{n}}', String(attempt)), 'latin1');
  return { bytes, type: isJson(bytes) ? 'application/json' : 'text/plain; charset=utf-8' };
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}
