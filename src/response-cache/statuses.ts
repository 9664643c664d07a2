/** What a status says to a cache: RFC 9110 §15.1, RFC 9111 §3 and §5.2.2.3, RFC 6585, RFC 5861 §4. */

const HEURISTIC = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);

/** Final statuses whose definition asks nothing of a cache that this one does not do. */
const UNDERSTOOD = new Set([...HEURISTIC, 302, 303, 307, 400, 403, 421, 451, 500, 502, 503, 504]);

/** Parts and answers to conditions, which mean something to one client only, and what RFC 6585 says MUST NOT be stored. */
const NEVER = new Set([206, 304, 412, 416, 428, 429, 431, 511]);

const FAILURES = new Set([500, 502, 503, 504]);

export const isHeuristicallyCacheable = (status: number): boolean => HEURISTIC.has(status);
export const isUnderstood = (status: number): boolean => UNDERSTOOD.has(status);
export const isFinal = (status: number): boolean => status >= 200 && status <= 599;
export const mayBeStored = (status: number): boolean => isFinal(status) && !NEVER.has(status);
/** An error in place of which a stale response may be used. */
export const isFailure = (status: number): boolean => FAILURES.has(status);
