/** What a request method does to the target resource (RFC 9110 §9.2.1, RFC 10008 for QUERY). Method names are case-sensitive. */

/** Safe methods that neither select nor modify a representation: preconditions do not apply to them (RFC 9110 §13.2.1). */
const WITHOUT_REPRESENTATION = new Set(['OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'REPORT', 'SEARCH']);

/** Methods that need a resource to act upon: without one the answer is 404, so preconditions are not looked at. */
const NEEDS_RESOURCE = new Set(['PATCH', 'POST', 'DELETE']);

/** GET, HEAD and QUERY: answered by the selected representation, so 304 is possible. */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'QUERY';
}

/** Anything that may change the state of the target, unknown methods included. */
export function isUnsafe(method: string): boolean {
  return !isRead(method) && !WITHOUT_REPRESENTATION.has(method);
}

/** PATCH, POST and DELETE; PUT creates the resource that it does not find. */
export function needsResource(method: string): boolean {
  return NEEDS_RESOURCE.has(method);
}
