/** What is wrong with the arguments, told in one line. */

/** `isUsageError` knows it again. */
export function usageError(message: string): Error {
  return Object.assign(new Error(message), { code: CODE });
}

export function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === CODE;
}

const CODE = 'ERR_UNSTALE_USAGE';
