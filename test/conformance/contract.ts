/** The one resource of the conformance cases, `/r`: its state, and what each method answers when no precondition stands in the way. */
import { parseEntityTag, parseHttpDate, type Validators } from '../../src/index.ts';

/** What a case says about the resource before its request. */
export interface ResourceState {
  readonly exists: boolean;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** The same instant with milliseconds. */
  readonly lastModifiedMs?: number;
  /** The application's own answer to every method. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly requirePrecondition?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const BODY = 'abcdefghijklmnopqrstuvwxyz';

export class Resource {
  #state: ResourceState = { exists: false, etag: null, lastModified: null };
  #performed = 0;

  get state(): ResourceState {
    return this.#state;
  }

  get performed(): number {
    return this.#performed;
  }

  reset(state: ResourceState): void {
    this.#state = state;
    this.#performed = 0;
  }

  /** What a resolver of an application would say. */
  current(): Validators | null {
    const { exists, etag, lastModified, lastModifiedMs } = this.#state;
    if (!exists) return null;
    return {
      entityTag: etag === null ? undefined : parseEntityTag(etag),
      lastModified: lastModifiedMs ?? (lastModified === null ? undefined : parseHttpDate(lastModified)),
    };
  }

  /** Authorization and validation, which come before all preconditions. */
  refuses(): Answer | undefined {
    const { status, headers, etag } = this.#state;
    if (status === undefined || status < 300) return undefined;
    return { status, headers: { ...headers, ...(etag !== null && { ETag: etag }) }, body: 'refused' };
  }

  /** The plain handler; `range` is the Range field that it may see. */
  handle(method: string, range: string | undefined): Answer {
    const { exists, status } = this.#state;
    if (method === 'OPTIONS') return { status: 204 };
    if (method === 'GET' || method === 'HEAD')
      return exists ? read(method, range, status) : { status: 404, body: 'missing' };
    if (method === 'PUT') return this.#perform(exists ? 204 : 201, true);
    if (!exists) return { status: 404, body: 'missing' };
    if (method === 'POST') return { ...this.#perform(200, true), body: 'posted' };
    return this.#perform(204, method !== 'DELETE');
  }

  #perform(status: number, exists: boolean): Answer {
    this.#performed++;
    this.#state = { exists, etag: exists ? '"new"' : null, lastModified: null };
    return { status };
  }
}

function read(method: string, range: string | undefined, status = 200): Answer {
  const headers = { 'Content-Type': 'text/plain' };
  const asked = method === 'GET' && range !== undefined ? /^bytes=(\d+)-(\d+)$/.exec(range) : null;
  if (!asked) return { status, headers, body: BODY };
  const [from, to] = [Number(asked[1]), Math.min(Number(asked[2]), BODY.length - 1)];
  if (from >= BODY.length) return { status: 416, headers: { 'Content-Range': `bytes */${BODY.length}` } };
  const contentRange = `bytes ${from}-${to}/${BODY.length}`;
  return { status: 206, headers: { ...headers, 'Content-Range': contentRange }, body: BODY.slice(from, to + 1) };
}

/** Which middleware stands before the writes that need no precondition. */
export type Writes = 'conditional' | 'guard';

export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
