/** Errors that are answers, for plain Node: no framework stands around the listener to answer them. */
import type { ServerResponse } from 'node:http';
import { slot, type Slot } from '../state.ts';

/** An error that this package threw in a listener, kept on the request: it is no error of the listener's own. */
export const refusals: Slot<unknown> = slot('refusal');

export interface ErrorAnswer {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error with a 4xx status is an answer of the application. */
export function isAnswer(error: unknown): error is ErrorAnswer {
  const { status } = Object(error) as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status <= 499;
}

/** The answer as Koa would give it. */
export function answerError(res: ServerResponse, { status, message, headers = {} }: ErrorAnswer): void {
  if (res.headersSent) return;
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.end(message);
}
