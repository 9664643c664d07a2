/** Checks of the preconditions that a read obeys beside those of a validation: If-Match, If-Unmodified-Since, If-Range. */
import { formatHttpDate } from '../http/http-date.ts';
import { field } from './answer.ts';
import { all, failed, passed, skipped, wantStatus, type Check, type Verdict } from './check.ts';
import type { ValidatorCheck } from './read-validators.ts';
import { FOREIGN, type Resource } from './resource.ts';

export type PreconditionCheck = 'if-match-other' | 'if-match-current' | 'if-unmodified-since' | 'if-range';

const DAY = 86_400_000;

export const PRECONDITION_CHECKS: readonly Check<Resource, ValidatorCheck | PreconditionCheck>[] = [
  {
    id: 'if-match-other',
    sentence: 'If-Match with another tag, or the current one as a weak tag, is answered 412, on a read, too',
    rfc: 'RFC 9110 §13.1.1',
    needs: ['stable'],
    async run({ get, validators }) {
      const { tag } = await validators();
      const weak = tag === undefined ? [] : [tag.startsWith('W/') ? tag : `W/${tag}`];
      return all(
        ...[FOREIGN, ...weak].map((value) => async () => {
          const hint =
            'If-Match is for every method, and compares strongly: who asks for the rest of a download relies on it';
          return wantStatus(await get({ 'If-Match': value }), [412], hint);
        }),
      );
    },
  },
  {
    id: 'if-match-current',
    sentence: 'If-Match with the current strong tag, or *, is answered 200',
    rfc: 'RFC 9110 §13.1.1',
    needs: ['stable'],
    async run({ get, validators }) {
      const { tag, entityTag } = await validators();
      if (tag === undefined || !entityTag || entityTag.weak) return skipped('there is no strong ETag');
      return all(
        ...[tag, `${FOREIGN}, ${tag}`, '*'].map((value) => async () => {
          const hint = 'The precondition holds, so the read goes on as if it were not there';
          return wantStatus(await get({ 'If-Match': value }), [200, 203], hint);
        }),
      );
    },
  },
  {
    id: 'if-unmodified-since',
    sentence: 'If-Unmodified-Since with a date before Last-Modified is answered 412',
    rfc: 'RFC 9110 §13.1.4',
    needs: ['stable', 'last-modified-past'],
    async run({ get, validators }) {
      const { lastModified } = await validators();
      if (lastModified === undefined) return skipped('there is no Last-Modified');
      const hint = 'Evaluate it where there is no If-Match; without a Last-Modified it is ignored';
      return wantStatus(await get({ 'If-Unmodified-Since': formatHttpDate(lastModified - DAY) }), [412], hint);
    },
  },
  {
    id: 'if-range',
    sentence: 'Range is ignored where If-Range does not name the current strong tag',
    rfc: 'RFC 9110 §13.1.5',
    needs: ['stable'],
    async run(resource) {
      const { tag, entityTag } = await resource.validators();
      const weak = tag !== undefined && entityTag?.weak ? [tag] : [];
      return all(...[FOREIGN, ...weak].map((value) => () => whole(resource, value)));
    },
  },
];

async function whole({ get, plain }: Resource, ifRange: string): Promise<Verdict> {
  const answer = await get({ Range: 'bytes=0-0', 'If-Range': ifRange });
  const { status } = await plain();
  const hint =
    'Send the whole: the client holds a part of something else. A weak tag never matches, for its bytes may differ';
  if (answer.status !== status) return wantStatus(answer, [status], hint);
  const range = field(answer, 'Content-Range');
  return range === undefined ? passed : failed('no Content-Range', `Content-Range: ${range}`, hint);
}
