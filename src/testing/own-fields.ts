/** The request fields that the checks send themselves. */
import { OF_A_PART, PRECONDITIONS } from '../http/request-conditions.ts';

const OWN = new Set([...PRECONDITIONS, ...OF_A_PART, 'accept-encoding', 'cache-control']);

/** Whether a request field is one that the checks send, so that a user cannot. */
export function isFieldOfChecks(name: string): boolean {
  return OWN.has(name.toLowerCase());
}
