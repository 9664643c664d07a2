/** Checks of an answer that is an error: nothing about it may be taken for the resource, or kept by a shared cache. */
import { parseCacheControl } from '../http/cache-directives.ts';
import { parseHttpDate } from '../http/http-date.ts';
import { describe, field, type Answer, type Fields } from './answer.ts';
import { all, failed, passed, type Check, type Verdict } from './check.ts';
import type { Resource } from './resource.ts';

export type ErrorCheck = 'error-status' | 'error-validators' | 'error-cache-control' | 'error-preconditions';

export interface Failing extends Resource {
  /** The status that the user named. */
  readonly status: number | undefined;
}

export const ERROR_CHECKS: readonly Check<Failing, ErrorCheck>[] = [
  {
    id: 'error-status',
    sentence: 'GET is answered with an error',
    rfc: 'RFC 9110 §15.5',
    async run({ plain, status }) {
      const answer = await plain();
      if (status === undefined ? answer.status >= 400 : answer.status === status) return passed;
      const hint =
        'Name a path that the application answers with an error, such as that of something that is not there';
      return failed(String(status ?? '4xx or 5xx'), describe(answer), hint);
    },
  },
  {
    id: 'error-validators',
    sentence: 'An error has no ETag and no Last-Modified: there is no representation that they could stand for',
    rfc: 'RFC 9110 §8.8',
    needs: ['error-status'],
    async run({ plain }) {
      const answer = await plain();
      const found = ['ETag', 'Last-Modified'].filter((name) => field(answer, name) !== undefined);
      if (found.length === 0) return passed;
      const received = `${found.map((name) => `${name}: ${field(answer, name)}`).join(', ')} in the ${describe(answer)}`;
      return failed('neither', received, 'Set validators on 2xx only, and take them off again when the handler fails');
    },
  },
  {
    id: 'error-cache-control',
    sentence: 'No shared cache is invited to keep an error',
    rfc: 'RFC 9111 §3',
    needs: ['error-status'],
    async run({ plain }) {
      const answer = await plain();
      const found = ['Cache-Control', 'CDN-Cache-Control'].filter((name) => isInvited(field(answer, name)));
      const forbids = forbidsSharing(field(answer, 'Cache-Control'));
      const expires = parseHttpDate(field(answer, 'Expires') ?? '');
      if (expires !== undefined && expires > Date.now() && !forbids) found.push('Expires');
      if (found.length === 0) return passed;
      const received = found.map((name) => `${name}: ${field(answer, name)}`).join(', ');
      const hint =
        'Choose Cache-Control when the status is known, as cacheControl() does; for an error on purpose, leave this check out by `except`';
      return failed('no-store, private, or nothing', `${received} in the ${describe(answer)}`, hint);
    },
  },
  {
    id: 'error-preconditions',
    sentence: 'An error stays what it is under If-None-Match and If-Modified-Since',
    rfc: 'RFC 9110 §13.2.1',
    needs: ['error-status'],
    async run({ plain, get, validators }) {
      const { status } = await plain();
      const { tag } = await validators();
      const asked: Fields[] = [{ 'If-None-Match': '*' }, { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' }];
      if (tag !== undefined) asked.push({ 'If-None-Match': tag });
      const hint =
        'Evaluate preconditions only where the answer would be a 2xx: the client takes a 304 for its own copy being good';
      return all(...asked.map((fields) => async () => same(await get(fields), status, hint)));
    },
  },
];

function same(answer: Answer, status: number, hint: string): Verdict {
  return answer.status === status ? passed : failed(String(status), describe(answer), hint);
}

function isInvited(value: string | undefined): boolean {
  if (value === undefined || forbidsSharing(value)) return false;
  const { public: isPublic, maxAge = 0, sMaxAge } = parseCacheControl(value);
  return isPublic === true || (sMaxAge ?? maxAge) > 0;
}

function forbidsSharing(value: string | undefined): boolean {
  const { private: isPrivate, noStore } = parseCacheControl(value ?? '');
  return isPrivate === true || noStore === true;
}
