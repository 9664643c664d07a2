/** The request fields that say what a client has already, in lower case (RFC 9110 §13.1, §14.2). */

export const PRECONDITIONS: readonly string[] = [
  'if-match',
  'if-unmodified-since',
  'if-none-match',
  'if-modified-since',
];

/** They ask for a part, and on what condition. */
export const OF_A_PART: readonly string[] = ['range', 'if-range'];
