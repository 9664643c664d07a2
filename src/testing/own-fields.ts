/** The request fields that the checks send themselves. */
const OWN = new Set([
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range',
  'accept-encoding',
  'cache-control',
]);

/** Whether a request field is one that the checks send, so that a user cannot. */
export function isFieldOfChecks(name: string): boolean {
  return OWN.has(name.toLowerCase());
}
