/** Errors as they leave the server: problem details (RFC 9457), and nothing of the program. */
import { STATUS_CODES } from 'node:http';

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly type: string; readonly title: string; readonly status: number; readonly detail?: string };
}

/** An error that Express, Koa and Fastify answer with `status`, and whose message the client may read. */
export function httpError(status: number, message: string): Error {
  return Object.assign(new Error(message), { status, expose: true });
}

export function badRequest(message: string): Error {
  return httpError(400, message);
}

/** An error with a status of its own explains itself; any other is logged here, and the client learns nothing of it. */
export function problemOf(error: unknown): ProblemAnswer {
  const { statusCode, status: given = statusCode, expose, message, headers } = Object(error) as Partial<HttpError>; // checked below
  const status = typeof given === 'number' && given >= 400 && given <= 599 ? given : 500;
  const explained = expose ?? status < 500;
  if (!explained) console.error(error);
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    status,
    headers: { 'Cache-Control': 'no-store', ...headers, 'Content-Type': 'application/problem+json' },
    body: { type: 'about:blank', title, status, ...(explained && { detail: String(message) }) },
  };
}

interface HttpError extends Error {
  readonly status: number;
  /** In place of it, on Fastify's own errors. */
  readonly statusCode: number;
  readonly expose: boolean;
  readonly headers: Readonly<Record<string, string>>;
}
