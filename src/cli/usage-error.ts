/** What is wrong with the arguments, told in one line. */

const CODE = 'ERR_UNSTALE_USAGE';

/** `isUsageError` knows it again. */
export function usageError(message: string): Error {
  return Object.assign(new Error(message), { code: CODE });
}

export function isUsageError(error: unknown): error is Error {
  return (Object(error) as { code?: unknown }).code === CODE; // whatever was thrown
}

export function messageOf(error: unknown): string {
  const { message } = Object(error) as { message?: unknown }; // whatever was thrown
  return typeof message === 'string' ? message : String(error);
}
