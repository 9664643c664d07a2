/** What every recipe has to do, whatever its database: rows about HTTP, each on articles of its own. */
import { expect, test } from '@jest/globals';
import type { Answer } from '../support/exchange.ts';
import { LOST, statuses, type Articles, type Ask } from './article-app.ts';

const WRITERS = 10;

const patch = (tag: string, text: string): Ask => ({ method: 'PATCH', headers: { 'If-Match': tag }, text });
const remove = (tag: string): Ask => ({ method: 'DELETE', headers: { 'If-Match': tag } });
const put = (headers: Record<string, string>, text = 'Liberté'): Ask => ({ method: 'PUT', headers, text });

const lostTo = (winners: number): number[] => [winners, ...Array.from({ length: WRITERS - 1 }, () => 412)];
const writers = (ask: (writer: number) => Ask): Ask[] => Array.from({ length: WRITERS }, (_, writer) => ask(writer));

/** The rows, on what `articles` gives when they run. */
export function testContract(articles: () => Articles): void {
  const ask: Articles['ask'] = (id, what) => articles().ask(id, what);
  const stored = async (id: string): Promise<unknown> => JSON.parse((await ask(id)).body);

  /** Whether the guard had let every refused request through, so that the database refused it. */
  function lostInTheDatabase(answers: readonly Answer[]): void {
    for (const { body } of answers.filter(({ status }) => status === 412)) expect(body).toMatch(LOST);
  }

  test('GET is 200 with a strong tag, and 304 to who has it (RFC 9110 §13.1.2)', async () => {
    const { id, tag } = await articles().make();
    expect(tag).toMatch(/^"/);
    expect(await stored(id)).toEqual({ text: 'Liberté' });
    expect((await ask(id, { headers: { 'If-None-Match': tag } })).status).toBe(304);
  });

  test('a write with the current tag is 200, and its new tag is the one that GET gives (RFC 9110 §13.1.1)', async () => {
    const { id, tag } = await articles().make();
    const answer = await ask(id, patch(tag, 'Égalité'));
    expect(answer).toMatchObject({ status: 200, headers: { etag: await articles().tagOf(id) } });
    expect(answer.headers.etag).not.toBe(tag);
    expect(await stored(id)).toEqual({ text: 'Égalité' });
  });

  test('a write with a tag that is not current any more is 412, and one without is 428; neither changes anything', async () => {
    const { id, tag } = await articles().make();
    const { headers } = await ask(id, patch(tag, 'Égalité'));
    expect(await ask(id, patch(tag, 'Fraternité'))).toMatchObject({ status: 412, headers: { etag: headers.etag } });
    expect(await ask(id, remove(tag))).toMatchObject({ status: 412 });
    expect(await ask(id, { method: 'PATCH', text: 'Fraternité' })).toMatchObject({ status: 428 });
    expect(await ask(id)).toMatchObject({ headers: { etag: headers.etag }, body: '{"text":"Égalité"}' });
  });

  test(`of ${WRITERS} writers that the guard let through on one tag, the database takes exactly one`, async () => {
    const { id, tag } = await articles().make();
    const answers = await articles().race(
      id,
      writers((writer) => patch(tag, `by ${writer}`)),
    );
    expect(statuses(answers)).toEqual(lostTo(200));
    lostInTheDatabase(answers);
    const winner = answers.find(({ status }) => status === 200);
    expect(await ask(id)).toMatchObject({ headers: { etag: winner?.headers.etag }, body: winner?.body });
  });

  test('DELETE with the current tag is 204 without validators, and the article is gone', async () => {
    const { id, tag } = await articles().make();
    const answer = await ask(id, remove(tag));
    expect(answer.status).toBe(204);
    expect(answer.headers.etag).toBeUndefined();
    expect((await ask(id)).status).toBe(404);
    expect((await ask(id, remove(tag))).status).toBe(404);
  });

  test(`of ${WRITERS} DELETEs that the guard let through on one tag, the database takes exactly one`, async () => {
    const { id, tag } = await articles().make();
    const answers = await articles().race(
      id,
      writers(() => remove(tag)),
    );
    expect(statuses(answers)).toEqual(lostTo(204));
    lostInTheDatabase(answers);
  });

  test.each([
    ['a write and a DELETE', [patch, remove]],
    ['a DELETE and a write', [remove, patch]],
  ] as const)(
    'of %s that the guard let through on one tag one is 412, and the article is as the other left it',
    async (_says, both) => {
      const { id, tag } = await articles().make();
      const answers = await articles().race(
        id,
        both.map((method) => method(tag, 'Égalité')),
      );
      const [winner, loser] = statuses(answers);
      lostInTheDatabase(answers);
      const after = await ask(id);
      expect([winner, loser, after.status]).toEqual(winner === 200 ? [200, 412, 200] : [204, 412, 404]);
    },
  );

  test('a tag of an article that was deleted never matches the one that was made after it', async () => {
    const { id, tag } = await articles().make();
    await ask(id, remove(tag));
    const again = await articles().make(id);
    expect(again.tag).not.toBe(tag);
    expect((await ask(id, { headers: { 'If-None-Match': tag } })).status).toBe(200);
    expect((await ask(id, patch(tag, 'Égalité'))).status).toBe(412);
    expect((await ask(id, remove(tag))).status).toBe(412);
    expect(await ask(id)).toMatchObject({ headers: { etag: again.tag }, body: '{"text":"Liberté"}' });
  });

  test('nor does it where the article was deleted and made again between the check of the guard and the write', async () => {
    const { id, tag } = await articles().make();
    const asks = [patch(tag, 'Égalité'), remove(tag)];
    const answers = await articles().race(id, asks, async () => {
      await ask(id, remove(tag));
      await articles().make(id);
    });
    expect(statuses(answers)).toEqual([412, 412]);
    lostInTheDatabase(answers);
    expect(await stored(id)).toEqual({ text: 'Liberté' });
  });

  test('no tag comes twice in three lives of an article with three writes each', async () => {
    const { id, tag: first } = await articles().make();
    const tags = [first];
    for (let life = 1; life <= 3; life++) {
      for (const text of ['Égalité', 'Fraternité', 'Liberté'])
        tags.push(String((await ask(id, patch(String(tags.at(-1)), text))).headers.etag));
      await ask(id, remove(String(tags.at(-1))));
      tags.push((await articles().make(id)).tag);
    }
    expect(new Set(tags).size).toBe(13);
  });

  test('PUT with If-None-Match: * is 201 once, without the tag of content that was not stored octet for octet (RFC 9110 §9.3.4), and then 412', async () => {
    const { id, tag } = await articles().make();
    const answer = await ask(`${id}-new`, put({ 'If-None-Match': '*' }));
    expect(answer.status).toBe(201);
    expect(answer.headers.etag).toBeUndefined();
    expect(await ask(id, put({ 'If-None-Match': '*' }, 'Égalité'))).toMatchObject({
      status: 412,
      headers: { etag: tag },
    });
    expect(await stored(id)).toEqual({ text: 'Liberté' });
  });

  test(`of ${WRITERS} PUTs with If-None-Match: * that the guard let through, exactly one creates`, async () => {
    const { id } = await articles().make();
    const created = `${id}-new`;
    const asks = writers((writer) => put({ 'If-None-Match': '*' }, `by ${writer}`));
    const answers = await articles().race(created, asks);
    expect(statuses(answers)).toEqual(lostTo(201));
    lostInTheDatabase(answers);
    const winner = answers.findIndex(({ status }) => status === 201);
    expect(await stored(created)).toEqual({ text: `by ${winner}` });
  });

  test('PUT with If-Match creates nothing where the article went away between the check and the write', async () => {
    const { id, tag } = await articles().make();
    const answers = await articles().race(id, [put({ 'If-Match': tag })], () => ask(id, remove(tag)));
    expect(statuses(answers)).toEqual([412]);
    expect((await ask(id)).status).toBe(404);
  });
}
