/** Problem details: one kind for each status that a refusal can have (RFC 9457). */
import { describe, expect, test } from '@jest/globals';
import { problem, PROBLEM_TYPE, type ProblemStatus } from '../../src/http/problem.ts';

const rows: readonly (readonly [status: ProblemStatus, rule: string, type: string, title: string])[] = [
  [404, 'there is no such resource (RFC 9110 §15.5.5)', 'not-found', 'Not Found'],
  [409, 'another write is in flight (RFC 9110 §15.5.10)', 'write-in-flight', 'Conflict'],
  [412, 'the state is not the one named (RFC 9110 §15.5.13)', 'precondition-failed', 'Precondition Failed'],
  [428, 'the request has to name a state (RFC 6585 §3)', 'precondition-required', 'Precondition Required'],
  [500, 'nobody knows whether the write was applied (RFC 9110 §15.6.1)', 'outcome-unknown', 'Outcome Unknown'],
  [503, 'the state cannot be read (RFC 9110 §15.6.4)', 'unavailable', 'Service Unavailable'],
];

describe('problem', () => {
  test.each(rows)('%s: %s', (status, _rule, type, title) => {
    expect(problem(status, 'why')).toEqual({ type: `urn:problem-type:unstale:${type}`, title, status, detail: 'why' });
  });

  test('carries the precondition and the current tag where they are given, and no members without a value', () => {
    const { field, etag } = problem(412, 'why', { field: 'If-Match', etag: '"v8"' });
    expect([field, etag]).toEqual(['If-Match', '"v8"']);
    expect(Object.keys(problem(428, 'why', { field: 'If-Match' }))).toEqual([
      'type',
      'title',
      'status',
      'detail',
      'field',
    ]);
  });

  test('no two kinds share a type: programs tell problems apart by it (RFC 9457 §3.1.1)', () => {
    expect(new Set(rows.map(([status]) => problem(status, '').type)).size).toBe(rows.length);
  });

  test('its media type is that of problem details in JSON (RFC 9457 §6.1)', () => {
    expect(PROBLEM_TYPE).toBe('application/problem+json');
  });
});
