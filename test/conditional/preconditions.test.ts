import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  evaluatePreconditions,
  parseEntityTag,
  type Decision,
  type RequestFields,
  type Validators,
} from '../../src/index.ts';

const LAST_MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';
const BEFORE = 'Wed, 01 Jan 2025 09:59:59 GMT';
const NOW = Date.UTC(2026, 0, 1);
const CURRENT: Validators = { entityTag: parseEntityTag('"v1"'), lastModified: Date.UTC(2025, 0, 1, 10) + 789 };
const WEAK: Validators = { entityTag: parseEntityTag('W/"v1"') };

const proceed: Decision = { kind: 'proceed' };
const wholeRange: Decision = { kind: 'ignore-range' };
const notModified: Decision = { kind: 'not-modified' };
const failed = (field: 'If-Match' | 'If-Unmodified-Since' | 'If-None-Match'): Decision => ({
  kind: 'precondition-failed',
  field,
});

type Row = readonly [
  sentence: string,
  method: string,
  headers: RequestFields,
  current: Validators | null | undefined,
  decision: Decision,
];

const ROWS: readonly Row[] = [
  ['nothing is asked (§13.2.2)', 'GET', {}, CURRENT, proceed],
  ['If-Match lists the current tag (§13.1.1)', 'PUT', { 'if-match': '"a", "v1"' }, CURRENT, proceed],
  ['If-Match lists another tag (§13.1.1)', 'PUT', { 'if-match': '"v2"' }, CURRENT, failed('If-Match')],
  ['If-Match compares strongly (§8.8.3.2)', 'PUT', { 'if-match': 'W/"v1"' }, WEAK, failed('If-Match')],
  ['If-Match: * needs a representation, not a tag (§13.1.1)', 'PUT', { 'if-match': '*' }, {}, proceed],
  ['If-Match with a tag, and no tag known (§13.1.1)', 'PUT', { 'if-match': '"v1"' }, {}, failed('If-Match')],
  ['If-Match on a PUT that would create (§13.1.1)', 'PUT', { 'if-match': '*' }, null, failed('If-Match')],
  ['If-Match is evaluated for GET, too (§13.1.1)', 'GET', { 'if-match': '"v2"' }, CURRENT, failed('If-Match')],
  [
    'If-Match makes If-Unmodified-Since be ignored (§13.1.4)',
    'PUT',
    { 'if-match': '"v1"', 'if-unmodified-since': BEFORE },
    CURRENT,
    proceed,
  ],
  ['writes fail closed on an empty If-Match (§13.1.1)', 'PUT', { 'if-match': '' }, CURRENT, failed('If-Match')],
  ['writes fail closed on an unreadable If-Match (§13.1.1)', 'PUT', { 'if-match': 'v1' }, CURRENT, failed('If-Match')],
  ['reads ignore an If-Match without a legal member (§13.1.1)', 'GET', { 'if-match': 'v1' }, CURRENT, proceed],
  [
    'a field over 16 KiB matches nothing, for reads and writes (§5.4)',
    'GET',
    { 'if-match': `${'"x",'.repeat(5000)}"v1"` },
    CURRENT,
    failed('If-Match'),
  ],
  [
    'a member that is malformed does not spoil the legal ones (§5.6.1.2)',
    'PUT',
    { 'if-match': 'junk, "v1", "open' },
    CURRENT,
    proceed,
  ],
  [
    'If-Unmodified-Since before the modification (§13.1.4)',
    'PUT',
    { 'if-unmodified-since': BEFORE },
    CURRENT,
    failed('If-Unmodified-Since'),
  ],
  [
    'If-Unmodified-Since in the second of the modification (§13.1.4)',
    'PUT',
    { 'if-unmodified-since': LAST_MODIFIED },
    CURRENT,
    proceed,
  ],
  ['If-Unmodified-Since that is no date (§13.1.4)', 'PUT', { 'if-unmodified-since': '2001-01-01' }, CURRENT, proceed],
  ['If-Unmodified-Since, and no modification known (§13.1.4)', 'PUT', { 'if-unmodified-since': BEFORE }, WEAK, proceed],
  ['two lines of a date are no date (§5.3)', 'PUT', { 'if-unmodified-since': [BEFORE, BEFORE] }, CURRENT, proceed],
  ['If-None-Match lists the current tag (§13.1.2)', 'GET', { 'if-none-match': '"v1"' }, CURRENT, notModified],
  ['If-None-Match compares weakly (§8.8.3.2)', 'HEAD', { 'if-none-match': 'W/"v1"' }, CURRENT, notModified],
  [
    'If-None-Match on a write is 412, not 304 (§13.1.2)',
    'PUT',
    { 'if-none-match': '"v1"' },
    CURRENT,
    failed('If-None-Match'),
  ],
  ['If-None-Match: * on what exists (§13.1.2)', 'GET', { 'if-none-match': '*' }, {}, notModified],
  ['If-None-Match: * on what does not (§13.1.2)', 'PUT', { 'if-none-match': '*' }, null, proceed],
  [
    'If-None-Match over several lines is one list (§5.3)',
    'GET',
    { 'if-none-match': ['"a"', '"v1"'] },
    CURRENT,
    notModified,
  ],
  [
    'If-None-Match makes If-Modified-Since be ignored, valid or not (§13.1.3)',
    'GET',
    { 'if-none-match': 'junk', 'if-modified-since': LAST_MODIFIED },
    CURRENT,
    proceed,
  ],
  ['an empty If-None-Match lists nothing (§13.1.2)', 'PUT', { 'if-none-match': '' }, CURRENT, proceed],
  [
    'a write with an unreadable member in If-None-Match fails closed (§13.1.2)',
    'PUT',
    { 'if-none-match': '"x", junk' },
    CURRENT,
    failed('If-None-Match'),
  ],
  ['a wildcard among others is no wildcard (§13.1.2)', 'GET', { 'if-none-match': '*, "v2"' }, CURRENT, proceed],
  ['QUERY is a read (RFC 10008)', 'QUERY', { 'if-none-match': '"v1"' }, CURRENT, notModified],
  [
    'If-Modified-Since in the second of the modification (§13.1.3)',
    'GET',
    { 'if-modified-since': LAST_MODIFIED },
    CURRENT,
    notModified,
  ],
  ['If-Modified-Since before it (§13.1.3)', 'GET', { 'if-modified-since': BEFORE }, CURRENT, proceed],
  ['If-Modified-Since is for reads (§13.1.3)', 'DELETE', { 'if-modified-since': LAST_MODIFIED }, CURRENT, proceed],
  [
    'a modification in the future is one now (§8.8.2.1)',
    'GET',
    { 'if-modified-since': LAST_MODIFIED },
    { lastModified: Date.UTC(2099, 0) },
    proceed,
  ],
  [
    'If-Match comes before If-None-Match (§13.2.2)',
    'GET',
    { 'if-match': '"v2"', 'if-none-match': '"v1"' },
    CURRENT,
    failed('If-Match'),
  ],
  ['If-Range with the current tag (§13.1.5)', 'GET', { range: 'bytes=0-3', 'if-range': '"v1"' }, CURRENT, proceed],
  ['If-Range with another tag (§13.1.5)', 'GET', { range: 'bytes=0-3', 'if-range': '"v2"' }, CURRENT, wholeRange],
  ['If-Range compares strongly (§13.1.5)', 'GET', { range: 'bytes=0-3', 'if-range': 'W/"v1"' }, WEAK, wholeRange],
  [
    'If-Range takes one tag, not a list (§13.1.5)',
    'GET',
    { range: 'bytes=0-3', 'if-range': '"v1", "v2"' },
    CURRENT,
    wholeRange,
  ],
  [
    'If-Range with exactly the date (§13.1.5)',
    'GET',
    { range: 'bytes=0-3', 'if-range': LAST_MODIFIED },
    CURRENT,
    proceed,
  ],
  [
    'If-Range with a later date (§13.1.5)',
    'GET',
    { range: 'bytes=0-3', 'if-range': 'Wed, 01 Jan 2025 10:00:01 GMT' },
    CURRENT,
    wholeRange,
  ],
  [
    'If-Range with a date less than a second old is weak (§8.8.2.2)',
    'GET',
    { range: 'bytes=0-3', 'if-range': 'Thu, 01 Jan 2026 00:00:00 GMT' },
    { lastModified: NOW },
    wholeRange,
  ],
  ['If-Range without Range is ignored (§13.1.5)', 'GET', { 'if-range': '"v2"' }, CURRENT, proceed],
  ['Range is for GET (§14.2)', 'HEAD', { range: 'bytes=0-3', 'if-range': '"v2"' }, CURRENT, proceed],
  ...['OPTIONS', 'TRACE', 'CONNECT'].map((method): Row => [
    `${method} has no preconditions (§13.2.1)`,
    method,
    { 'if-match': '"v2"' },
    CURRENT,
    proceed,
  ]),
  ...['GET', 'HEAD', 'PATCH', 'POST', 'DELETE'].map((method): Row => [
    `${method} of nothing answers 404 by itself (§13.2.1)`,
    method,
    { 'if-match': '*' },
    null,
    proceed,
  ]),
  ['an unknown method counts as unsafe (§9.2.1)', 'MKCOL', { 'if-match': '*' }, null, failed('If-Match')],
  [
    'nothing is known: a write fails closed on If-Match (§13.1.1)',
    'PUT',
    { 'if-match': '*' },
    undefined,
    failed('If-Match'),
  ],
  [
    'nothing is known: a write fails closed on If-None-Match (§13.1.2)',
    'PUT',
    { 'if-none-match': '"v2"' },
    undefined,
    failed('If-None-Match'),
  ],
  [
    'nothing is known: a write with nothing listed proceeds (§13.1.2)',
    'PUT',
    { 'if-none-match': '' },
    undefined,
    proceed,
  ],
  [
    'nothing is known: a read proceeds (§13.2.2)',
    'GET',
    { 'if-match': '"v1"', 'if-none-match': '*' },
    undefined,
    proceed,
  ],
  [
    'nothing is known: a range is not resumed (§13.1.5)',
    'GET',
    { range: 'bytes=0-3', 'if-range': '"v1"' },
    undefined,
    wholeRange,
  ],
  ['a Headers object will do', 'GET', new Headers({ 'If-None-Match': '"v1"' }), CURRENT, notModified],
];

describe('evaluatePreconditions (RFC 9110 §13.2.2)', () => {
  test.each(ROWS)('%s: %s', (_sentence, method, headers, current, decision) => {
    expect(evaluatePreconditions({ method, headers, current, now: NOW })).toEqual(decision);
  });

  test('the origin uses its own clock where none is given (§13.1.3)', () => {
    const current = { lastModified: Date.now() + 3_600_000 };
    const since = new Date().toUTCString();
    expect(evaluatePreconditions({ method: 'GET', headers: { 'if-modified-since': since }, current })).toEqual(
      notModified,
    );
  });

  test('no field value throws, whatever the method and the state', () => {
    const field = fc.option(
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.array(fc.string()),
        fc.constantFrom('*', '"v1"', LAST_MODIFIED),
      ),
      { nil: undefined },
    );
    const names = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range', 'range'];
    const headers = fc.record(Object.fromEntries(names.map((name) => [name, field])));
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'x'),
        headers,
        fc.constantFrom(CURRENT, WEAK, {}, null, undefined),
        (method, fields, current) => {
          const { kind } = evaluatePreconditions({ method, headers: fields, current, now: NOW });
          expect(['proceed', 'ignore-range', 'not-modified', 'precondition-failed']).toContain(kind);
          expect(kind === 'not-modified' && !['GET', 'HEAD'].includes(method)).toBe(false);
        },
      ),
    );
  });
});
