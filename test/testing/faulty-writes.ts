/** Servers with one flaw each in what they answer to writes, and the one check that has to find it. */
import { createHash } from 'node:crypto';
import type { WriteCheck } from '../../src/testing.ts';
import { problem, type Asked, type Flaw, type Reply, type State } from './reference.ts';

export interface FaultyWrite {
  readonly name: string;
  readonly flaw: Flaw;
  readonly finds: WriteCheck;
  /** Part of what is said about it. */
  readonly words: string;
}

const isWrite = ({ method }: Asked): boolean => method !== 'GET' && method !== 'HEAD';

/** A flaw in what is taken from If-Match. */
const ifMatch = (read: (value: string | undefined, state: State) => string | undefined): Flaw => ({
  asked(asked, state) {
    if (!isWrite(asked)) return;
    const taken = read(asked.headers['if-match'], state);
    if (taken === undefined) delete asked.headers['if-match'];
    else asked.headers['if-match'] = taken;
  },
});

/** A flaw in what a write that was carried out is answered with. */
const saved = (change: (reply: Reply, asked: Asked, state: State) => void): Flaw => ({
  answered(reply, asked, state) {
    if (isWrite(asked) && reply.status === 200) change(reply, asked, state);
  },
});

const isForeign = (value: string | undefined): boolean => value?.includes('foreign') === true;

export const FAULTY_WRITES: readonly FaultyWrite[] = [
  {
    name: 'a read that gives a weak tag only',
    flaw: {
      answered({ headers }, asked) {
        if (!isWrite(asked) && headers['ETag'] !== undefined) headers['ETag'] = `W/${headers['ETag']}`;
      },
    },
    finds: 'write-tag',
    words: 'a strong ETag such as "v1" <> ETag: W/"v1" in the 200 to GET /x | If-Match compares strongly',
  },
  {
    name: 'a write that needs no precondition',
    flaw: ifMatch((value) => value ?? '*'),
    finds: 'write-required',
    words: '428 <> 200 to PUT /x | Mount guard(current) on the route',
  },
  {
    name: 'If-Match that only has to be there',
    flaw: ifMatch((value) => value && '*'),
    finds: 'write-stale',
    words: '412 <> 200 to PUT /x with If-Match: "unstale-testing-foreign"',
  },
  {
    name: 'If-Match that is compared weakly',
    flaw: ifMatch((value) => value?.replace(/^W\//, '')),
    finds: 'write-weak',
    words: '412 <> 200 to PUT /x with If-Match: W/"v1"',
  },
  {
    name: 'If-Match that is compared without its quotes',
    flaw: ifMatch((value) => (value !== undefined && /^v\d+$/.test(value) ? `"${value}"` : value)),
    finds: 'write-malformed',
    words: '412 or 400 <> 200 to PUT /x with If-Match: v1',
  },
  {
    name: 'If-Match that is taken for absent when it cannot be read',
    flaw: ifMatch((value) => (value?.startsWith('"') && !value.endsWith('"') ? '*' : value)),
    finds: 'write-malformed',
    words: '412 or 400 <> 200 to PUT /x with If-Match: "v1',
  },
  {
    name: 'an empty If-Match that holds',
    flaw: ifMatch((value) => (value === '' ? '*' : value)),
    finds: 'write-malformed',
    words: '412 or 400 or 428 <> 200 to PUT /x with If-Match: ',
  },
  {
    name: 'If-None-Match: * that overwrites',
    flaw: {
      asked({ headers }) {
        if (headers['if-none-match'] !== '*') return;
        delete headers['if-none-match'];
        headers['if-match'] = '*';
      },
    },
    finds: 'write-none-match',
    words: '412 or 428 <> 200 to PUT /x with If-None-Match: *',
  },
  {
    name: 'a write that is answered 304 after it was carried out',
    flaw: {
      asked(asked) {
        if (!isWrite(asked) || !asked.headers['if-none-match']?.startsWith('"')) return;
        delete asked.headers['if-none-match'];
        asked.headers['if-match'] = '*';
      },
      answered(reply, asked) {
        if (isWrite(asked) && reply.status === 200 && asked.headers['if-none-match'] !== undefined) reply.status = 304;
      },
    },
    finds: 'write-none-match',
    words: '412 or 428 <> 304 to PUT /x with If-None-Match: "v1"',
  },
  {
    name: 'a 412 after the write was carried out',
    flaw: {
      asked({ headers }) {
        if (isForeign(headers['if-match'])) headers['if-match'] = '*';
      },
      answered(reply, asked) {
        if (isForeign(asked.headers['if-match'])) Object.assign(reply, problem(412, 'Precondition Failed'));
      },
    },
    finds: 'write-refused',
    words:
      'and the same content <> "v3" and other content after the 412 to PUT /x with If-Match: "unstale-testing-foreign"',
  },
  {
    name: 'problem details with another status',
    flaw: {
      answered(reply) {
        if (reply.status === 428) reply.content = Buffer.from('{"type":"about:blank","title":"No","status":400}');
      },
    },
    finds: 'write-problem',
    words: 'members of RFC 9457 <> status: 400 in the 428 to PUT /x',
  },
  ...(
    [
      ['no JSON', '<p>No</p>'],
      ['no JSON object', '["No"]'],
      ['title: 7', '{"type":"about:blank","title":7}'],
      ['neither type nor title', '{"message":"No"}'],
    ] as const
  ).map(([words, content]): FaultyWrite => ({
    name: `problem details that are ${content}`,
    flaw: {
      answered(reply) {
        if (reply.status === 412) reply.content = Buffer.from(content);
      },
    },
    finds: 'write-problem',
    words: `<> ${words} in the 412`,
  })),
  {
    name: 'the tag of GET, which never matches',
    flaw: ifMatch((value) => value && '"no"'),
    finds: 'write-current',
    words: '2xx <> 412 to PUT /x with If-Match: "v1" | The tag that GET gives has to be the one',
  },
  {
    name: 'content that is not stored as the body says',
    flaw: {
      answered(reply, asked) {
        if (isWrite(asked) && reply.status === 200) Object.assign(reply, problem(422, 'Unprocessable Content'));
      },
    },
    finds: 'write-current',
    words: '2xx <> 422 to PUT /x with If-Match: "v1" | The request was not understood: see that `body` and `headers`',
  },
  {
    name: 'a tag that stays when the content changes',
    flaw: saved((_reply, _asked, state) => state.version--),
    finds: 'write-new-tag',
    words: 'another than "v1" <> ETag: "v1" after the 200 to PUT /x',
  },
  {
    name: 'a tag that matches ever after',
    flaw: ifMatch((value, { version }) => (/^"v\d+"$/.test(value ?? '') ? `"v${version}"` : value)),
    finds: 'write-old-tag',
    words: '412 <> 200 to PUT /x with If-Match: "v1"',
  },
  {
    name: 'PUT that is answered with the digest of its request',
    flaw: saved(
      (reply, { content }) => (reply.headers['ETag'] = `"${createHash('sha1').update(content).digest('base64')}"`),
    ),
    finds: 'write-validator',
    words: 'ETag: "v2", as GET gives it <> ETag: ',
  },
  {
    name: 'PUT that is answered with the tag of its own body',
    flaw: saved((reply) => (reply.headers['ETag'] = 'W/"e-EAXZ"')),
    finds: 'write-validator',
    words: 'ETag: "v2", as GET gives it <> ETag: W/"e-EAXZ" in the 200 to PUT /x',
  },
  {
    name: 'PUT that is answered with a tag, although the content was stored in another form',
    flaw: {
      answered(reply, asked, state) {
        if (isWrite(asked) && reply.status === 200) reply.headers['ETag'] = `"v${state.version}"`;
        if (!isWrite(asked) && reply.status === 200) reply.content = Buffer.from(`${reply.content.toString()}\n`);
      },
    },
    finds: 'write-verbatim',
    words: 'neither <> ETag in the 200 to PUT /x with If-Match: "v1", and GET gives other bytes',
  },
  {
    name: 'a version that is compared before the write, and not in it',
    flaw: { unfenced: true },
    finds: 'write-race',
    words:
      'one 2xx, and one 412 or 409 <> 200 and 200 in round 1 of 5: a lost update; GET then gives what writer 2 sent, and what writer 1 sent is gone | Both passed the check before either had written',
  },
  {
    name: 'a race whose loser is told that the server failed',
    flaw: {
      answered(reply, asked, state) {
        const late = asked.headers['if-match'] === `"v${state.version - 1}"` && reply.status === 412;
        if (late && state.version > 2) Object.assign(reply, problem(500, 'Internal Server Error'));
      },
    },
    finds: 'write-race',
    words: '500 to PUT /x',
  },
];
