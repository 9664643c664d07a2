/** What the checks of a write act on: one resource, written by one method, read again for every check. */
import type { EntityTag } from '../http/entity-tag.ts';
import { isSuccess, type Answer, type Fields } from './answer.ts';
import type { Client, Content, Request } from './client.ts';
import { validatorsOf } from './resource.ts';

/** What the user says about a write. */
export interface Writing {
  readonly method: string;
  readonly path: string;
  /** The path whose GET gives the tag. */
  readonly read: string;
  readonly required: boolean;
  readonly rounds: number;
  /** Content for the attempt of this number, out of what GET gave. */
  content(attempt: number, current: Answer): Promise<Content | undefined>;
  prepare(): Promise<void>;
}

/** A resource as it was read before a write. */
export interface State {
  readonly answer: Answer;
  /** As received; `undefined` where there is none, or none that is legal. */
  readonly tag: string | undefined;
  readonly entityTag: EntityTag | undefined;
}

/** A write with the current tag, and what stood before and after it. */
export interface Attempt {
  readonly before: State;
  readonly sent: Content | undefined;
  readonly answer: Answer;
  readonly after: State;
}

/** What two writers sent, and were told. */
export interface Race {
  readonly sent: readonly (Content | undefined)[];
  readonly answers: readonly Answer[];
}

export interface Target extends Pick<Writing, 'method' | 'required' | 'rounds'> {
  /** Makes ready, and reads. */
  state(this: void): Promise<State>;
  /** Reads, and no more. */
  now(this: void): Promise<State>;
  write(this: void, state: State, fields: Fields): Promise<Answer>;
  /** Two writers in the same moment. */
  race(this: void, state: State, fields: Fields, withhold: boolean): Promise<Race>;
  /** One write with the current tag, carried out once for all checks that look at it. */
  attempt(this: void): Promise<Attempt>;
  /** Every answer to a write so far. */
  readonly answers: readonly Answer[];
}

const WRITERS = 2;

export function targetAt(client: Client, writing: Writing): Target {
  const { method, path, read, required, rounds } = writing;
  const answers: Answer[] = [];
  let attempts = 0;
  let attempted: Promise<Attempt> | undefined;

  const now = async (): Promise<State> => {
    const answer = await client.ask({ method: 'GET', path: read });
    const { tag, entityTag } = isSuccess(answer) ? validatorsOf(answer) : { tag: undefined, entityTag: undefined };
    return { answer, tag: entityTag && tag, entityTag };
  };
  const state = async (): Promise<State> => {
    await writing.prepare();
    return now();
  };
  const request = async ({ answer }: State, fields: Fields): Promise<Request> => {
    const content = await writing.content(++attempts, answer);
    return { method, path, fields, content };
  };
  const send = async (what: Request): Promise<Answer> => {
    const answer = await client.ask(what);
    answers.push(answer);
    return answer;
  };

  return {
    method,
    required,
    rounds,
    answers,
    state,
    now,
    write: async (before, fields) => send(await request(before, fields)),
    async race(before, fields, withhold) {
      const requests: Request[] = [];
      for (let i = 0; i < WRITERS; i++) requests.push(await request(before, fields));
      await Promise.all(requests.map(() => client.ask({ method: 'GET', path: read }))); // a connection for each
      const both = await client.together(requests, withhold);
      answers.push(...both);
      return { sent: requests.map(({ content }) => content), answers: both };
    },
    attempt: () =>
      (attempted ??= (async () => {
        const before = await state();
        const what = await request(before, { 'If-Match': before.tag ?? '' });
        const answer = await send(what);
        return { before, sent: what.content, answer, after: await now() };
      })()),
  };
}
