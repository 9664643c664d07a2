/** A framework behind a small face, so that a contract row is written once: neutral handlers, the framework's own middlewares. */
import type { Server } from 'node:http';
import type { Readable } from 'node:stream';
import type { Middlewares } from '../../src/framework.ts';
import type { Layer } from '../../src/index.ts';

/** What a handler of a contract row may do. */
export interface Io {
  readonly method: string;
  readonly path: string;
  /** What `selected` and `guarded` take. */
  readonly native: object;
  header(name: string): string | undefined;
  set(name: string, value: string): void;
  status(code: number): void;
  /** Ends the response with a body of the framework's usual kinds. */
  send(body: string | Buffer | object | null): void;
  stream(body: Readable): void;
}

export type Handler = (io: Io) => void | Promise<void>;

/** The middlewares of one framework; what they return goes back into `serve`. */
export type Kit = Middlewares<object, unknown> & { use(...layers: readonly Layer[]): unknown };

export interface Framework {
  readonly name: string;
  readonly kit: Kit;
  /** A middleware that is not ours: it runs before what follows it. */
  before(act: Handler): unknown;
  /** A middleware that is not ours: it looks at the request once that has been answered. */
  logger(log: (io: Pick<Io, 'header'>) => void): unknown;
  /** A server whose every request runs through the middlewares to the handler. */
  serve(middlewares: readonly unknown[], handler: Handler): Server | Promise<Server>;
}

/** What an error asks to be answered with. */
export function statusOf(error: unknown): number {
  const { status } = Object(error) as { status?: unknown };
  return typeof status === 'number' ? status : 500;
}
