/** One thing that is measured: a server, the request that it is asked, and what it has to answer. */
import type { Server } from 'node:http';
import { CONTENT, type Size } from './bodies.ts';

export interface Target {
  /** What `--only` picks and budgets name: framework, path, and the size where the body matters. */
  readonly name: string;
  /** For the reader of the table. */
  readonly says: string;
  readonly size?: Size;
  /** True for what this package does, false for what it is compared with. */
  readonly ours: boolean;
  readonly method: 'GET' | 'PUT';
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Where the precondition comes from: it stands in `fields`; `If-None-Match` with the tag of a first GET; or `If-Match` with the tag of the answer before,
   * each connection on a resource of its own.
   */
  readonly precondition: 'given' | 'learned' | 'chained';
  serve(): Server | Promise<Server>;
}

type Rest = Pick<Target, 'serve'> & Partial<Target>;

/** GET that is answered 200. */
export function read(name: string, says: string, rest: Rest): Target {
  return { ...target(name, says, rest), ...rest };
}

/** GET with the validator of the current representation, answered 304. */
export function revalidation(name: string, says: string, rest: Rest): Target {
  return { ...target(name, says, rest), status: 304, precondition: 'learned', ...rest };
}

/** PUT of 1 KB of JSON, answered 200. */
export function write(name: string, says: string, rest: Rest): Target {
  const fields = { 'Content-Type': 'application/json', 'Content-Length': String(CONTENT.length), ...rest.fields };
  return { ...target(name, says, rest), method: 'PUT', ...rest, fields };
}

/** The version that all resources of the benchmark are at, and its tag as a client sends it. */
export const VERSION = 7;
export const TAG = '"7"';

export const ROUTE = '/articles/:id';

function target(name: string, says: string, { size, serve }: Rest): Target {
  const sized = size === undefined ? {} : { size };
  const full = size === undefined ? name : `${name}/${size}`;
  return {
    name: full,
    says,
    ...sized,
    ours: false,
    method: 'GET',
    status: 200,
    fields: {},
    precondition: 'given',
    serve,
  };
}
