/** The checker of the torture rig: a rig that cannot see a loss proves nothing. */
import { expect, test } from '@jest/globals';
import { check, violations, type History } from './checker.ts';
import type { Change } from './database.ts';
import { openLedger, type Ledger, type Outcome } from './ledger.ts';

function told(...outcomes: readonly Outcome[]): Ledger {
  const ledger = openLedger();
  for (const outcome of outcomes) ledger.settle(ledger.issue(), outcome, outcome);
  return ledger;
}

function document(...changes: readonly Change[]): History {
  const { n = 0, op = 0 } = changes.at(-1) ?? {};
  return { changes, value: { n, op } };
}

const FIRST = { op: 1, base: 0, n: 1 };
const SECOND = { op: 2, base: 1, n: 2 };

test('a chain of the writes that were answered 2xx is sound', () => {
  const verdict = check([document(FIRST, SECOND), document()], told('applied', 'applied', 'refused'));
  expect(violations(verdict)).toEqual([]);
  expect(verdict.landed).toBe(2);
});

test('of two writes on the same base one is lost', () => {
  const verdict = check([document(FIRST, { op: 2, base: 0, n: 1 })], told('applied', 'applied'));
  expect(verdict).toMatchObject({ lost: 1, breaks: 1 });
});

test('a write answered 2xx has to be in the history', () => {
  expect(violations(check([document(FIRST)], told('applied', 'applied')))).toEqual(['missing: 1']);
});

test('a write answered 412 may not be in the history', () => {
  expect(violations(check([document(FIRST)], told('refused')))).toEqual(['refusedYetLanded: 1']);
});

test('a write without an answer may have landed, and counts as unknown', () => {
  const verdict = check([document(FIRST, SECOND)], told('unknown', 'applied', 'unknown'));
  expect(violations(verdict)).toEqual([]);
  expect(verdict.unknownYetLanded).toBe(1);
});

test('a write that was carried out twice is seen', () => {
  const again = { op: 1, base: 1, n: 2 };
  expect(violations(check([document(FIRST, again)], told('applied')))).toEqual(['doubled: 1']);
});

test('a change that nobody asked for is seen', () => {
  expect(violations(check([document(FIRST, SECOND)], told('applied')))).toEqual(['foreign: 1']);
});

test('a value that is not the last change is seen', () => {
  const torn = { ...document(FIRST, SECOND), value: { n: 2, op: 1 } };
  expect(violations(check([torn], told('applied', 'applied')))).toEqual(['torn: 1']);
});
