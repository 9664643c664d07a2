/** What a method does to its target: which preconditions apply, and what a missing resource means. */
import { expect, test } from '@jest/globals';
import { isRead, isUnsafe, needsResource } from '../../src/http/methods.ts';

type Row = readonly [method: string, rule: string, read: boolean, unsafe: boolean, needs: boolean];

const rows: readonly Row[] = [
  ['GET', 'selects a representation (RFC 9110 §9.3.1)', true, false, false],
  ['HEAD', 'selects a representation (RFC 9110 §9.3.2)', true, false, false],
  ['QUERY', 'selects a representation, with content in the request (RFC 10008)', true, false, false],
  ['POST', 'processes content by the target, so it needs one (RFC 9110 §9.3.3)', false, true, true],
  ['PUT', 'creates what it does not find (RFC 9110 §9.3.4)', false, true, false],
  ['DELETE', 'needs something to delete (RFC 9110 §9.3.5)', false, true, true],
  ['PATCH', 'needs something to patch (RFC 5789 §2)', false, true, true],
  ['CONNECT', 'has no representation: preconditions are ignored (RFC 9110 §13.2.1)', false, false, false],
  ['OPTIONS', 'has no representation: preconditions are ignored (RFC 9110 §13.2.1)', false, false, false],
  ['TRACE', 'has no representation: preconditions are ignored (RFC 9110 §13.2.1)', false, false, false],
  ['PROPFIND', 'is safe, and not about a representation (RFC 4918 §9.1)', false, false, false],
  ['REPORT', 'is safe, and not about a representation (RFC 3253 §3.6)', false, false, false],
  ['SEARCH', 'is safe, and not about a representation (RFC 5323 §2)', false, false, false],
  ['MOVE', 'may change the target (RFC 4918 §9.9)', false, true, false],
  ['FROBNICATE', 'is unknown, so it may change the target (RFC 9110 §9.2.1)', false, true, false],
  ['get', 'in lower case is another method, and unknown (RFC 9110 §9.1)', false, true, false],
  ['post', 'in lower case is another method, and unknown (RFC 9110 §9.1)', false, true, false],
];

test.each(rows)('%s %s', (method, _rule, read, unsafe, needs) => {
  expect([isRead(method), isUnsafe(method), needsResource(method)]).toEqual([read, unsafe, needs]);
});
