/** Errors that are answers, for Hono: it answers 500 to any error that does not bring a response, and logs it. */
import { isAnswer } from './node-errors.ts';

/** Gives an error with a 4xx status what Hono's own HTTPException has. */
export function answerable(error: unknown): unknown {
  if (!isAnswer(error) || 'getResponse' in error) return error;
  const { status, message } = error;
  return Object.assign(error, { getResponse: () => new Response(message, { status }) });
}
