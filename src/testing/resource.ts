/** What the checks of a read look at: answers to GET and HEAD, each request sent once however many checks want its answer. */
import { parseEntityTag, type EntityTag } from '../http/entity-tag.ts';
import { parseHttpDate } from '../http/http-date.ts';
import { field, type Answer, type Fields } from './answer.ts';
import type { Client } from './client.ts';

export interface Resource {
  /** The answer to a plain GET, uncompressed. */
  plain(this: void): Promise<Answer>;
  /** The answer to the same request, once more. */
  again(this: void): Promise<Answer>;
  get(this: void, fields: Fields): Promise<Answer>;
  head(this: void, fields?: Fields): Promise<Answer>;
  /** The validators of the plain answer. */
  validators(this: void): Promise<ValidatorFields>;
}

/** Validators as they were received, and what they mean where they are legal. */
export interface ValidatorFields {
  readonly tag: string | undefined;
  readonly entityTag: EntityTag | undefined;
  readonly date: string | undefined;
  readonly lastModified: number | undefined;
}

export function resourceAt(client: Client, path: string): Resource {
  const answers = new Map<string, Promise<Answer>>();
  const ask = (method: string, fields: Fields, time = 0): Promise<Answer> => {
    const key = JSON.stringify([method, fields, time]);
    const answer = answers.get(key) ?? client.ask({ method, path, fields });
    answers.set(key, answer);
    return answer;
  };
  const plain = (): Promise<Answer> => ask('GET', {});
  return {
    plain,
    again: () => ask('GET', {}, 1),
    get: (fields) => ask('GET', fields),
    head: (fields = {}) => ask('HEAD', fields),
    validators: async () => validatorsOf(await plain()),
  };
}

export function validatorsOf(answer: Answer): ValidatorFields {
  const [tag, date] = [field(answer, 'ETag'), field(answer, 'Last-Modified')];
  return {
    tag,
    entityTag: tag === undefined ? undefined : parseEntityTag(tag),
    date,
    lastModified: date === undefined ? undefined : parseHttpDate(date),
  };
}

/** The 200s whose content is encoded, by the codings that clients ask for. */
export async function encodedAnswers({ get }: Resource): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const name of ['gzip', 'br']) answers.push(await get({ 'Accept-Encoding': name }));
  return answers.filter((answer) => answer.status === 200 && coding(answer) !== 'identity');
}

export function coding(answer: Answer): string {
  return (field(answer, 'Content-Encoding') ?? 'identity').toLowerCase();
}

/** A tag that no server gave. */
export const FOREIGN = '"unstale-testing-foreign"';
