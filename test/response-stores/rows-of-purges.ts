/** Purges: what they take away, what they leave, and what a fill that began before them may not bring back. */
import { expect } from '@jest/globals';
import type { Purge } from '../../src/response-stores/response-store.ts';
import {
  begun,
  bodies,
  expectBodies,
  fresh,
  inLanguage,
  response,
  row,
  rowOfSoft,
  rowOfTags,
  stored,
  type Row,
} from './kit.ts';

export const rowsOfPurges: readonly Row[] = [
  row('a purge of a key takes all its variants away, on every handle, and nothing else', async (opened) => {
    const [key, other] = [fresh(), fresh()];
    await stored(opened.store, key, inLanguage('de'));
    await stored(opened.store, key, inLanguage('fr'));
    await stored(opened.store, other);
    await opened.second.purge({ keys: [key] });
    await expectBodies(opened, key);
    await expectBodies(opened, other, 'body');
  }),

  row('a purge of many keys takes all of them away', async (opened) => {
    const keys = Array.from({ length: 50 }, () => fresh());
    for (const key of keys) await stored(opened.store, key);
    await opened.store.purge({ keys });
    for (const key of keys) await expectBodies(opened, key);
  }),

  row('a purge of everything takes everything away', async (opened) => {
    const keys = Array.from({ length: 10 }, () => fresh());
    for (const key of keys) await stored(opened.store, key);
    await opened.second.purge({ all: true });
    for (const key of keys) await expectBodies(opened, key);
  }),

  row('a purge of nothing takes nothing away', async (opened) => {
    const key = fresh();
    await stored(opened.store, key);
    await opened.store.purge({});
    await opened.store.purge({ keys: [] });
    await expectBodies(opened, key, 'body');
  }),

  row('behind a purge the key can be filled again', async (opened) => {
    const key = fresh();
    await stored(opened.store, key, response('old'));
    await opened.store.purge({ keys: [key] });
    expect(await stored(opened.second, key, response('new'))).toBe('kept');
    await expectBodies(opened, key, 'new');
    await opened.store.purge({ keys: [key] });
    await expectBodies(opened, key);
  }),

  row('a fill that began before a purge of its key is refused, wherever either came from', async (opened) => {
    const key = fresh();
    for (const [filler, purger] of [
      [opened.store, opened.second],
      [opened.second, opened.store],
      [opened.store, opened.store],
    ] as const) {
      const fill = await begun(filler, key);
      await purger.purge({ keys: [key] });
      expect(await fill.put(response('old'), 10_000)).toBe('purged');
      await expectBodies(opened, key);
    }
  }),

  row('so is one that began before a purge of everything', async (opened) => {
    const key = fresh();
    const fill = await begun(opened.store, key);
    await opened.second.purge({ all: true });
    expect(await fill.put(response('old'), 10_000)).toBe('purged');
    await expectBodies(opened, key);
  }),

  row('a refused fill leaves what a later one has stored', async (opened) => {
    const key = fresh();
    const late = await begun(opened.store, key);
    await opened.second.purge({ keys: [key] });
    await stored(opened.second, key, response('new'));
    expect(await late.put(response('old'), 10_000)).toBe('purged');
    await expectBodies(opened, key, 'new');
  }),

  row('a purge of another key refuses nothing', async (opened) => {
    const key = fresh();
    const fill = await begun(opened.store, key);
    await opened.second.purge({ keys: [fresh(), `${key}x`, key.slice(1)] });
    expect(await fill.put(response(), 10_000)).toBe('kept');
    await expectBodies(opened, key, 'body');
  }),

  row('a soft purge leaves nothing fresh', async ({ store, second }) => {
    const key = fresh();
    await stored(store, key);
    await second.purge({ keys: [key], soft: true });
    for (const handle of [store, second]) {
      expect((await handle.get(key)).filter(({ staleSince }) => staleSince === undefined)).toEqual([]);
    }
  }),

  row('a fill that began before a soft purge is refused: what it brings would look fresh', async (opened) => {
    const key = fresh();
    const fill = await begun(opened.store, key);
    await opened.second.purge({ keys: [key], soft: true });
    expect(await fill.put(response('old'), 10_000)).toBe('purged');
    await expectBodies(opened, key);
  }),
];

export const rowsOfTags: readonly Row[] = [
  rowOfTags('a purge of a tag takes away all that has it, under whatever key', async (opened) => {
    const tag = fresh('tag');
    const [one, two, other] = [fresh(), fresh(), fresh()];
    await stored(opened.store, one, response('one', { tags: ['x', tag] }));
    await stored(opened.second, two, response('two', { tags: [tag, 'y'] }));
    await stored(opened.store, other, response('other', { tags: ['x', 'y', `${tag}x`] }));
    await opened.second.purge({ tags: [tag] });
    await expectBodies(opened, one);
    await expectBodies(opened, two);
    await expectBodies(opened, other, 'other');
  }),

  rowOfTags('a variant with the tag goes, one without it stays', async (opened) => {
    const [key, tag] = [fresh(), fresh('tag')];
    await stored(opened.store, key, { ...inLanguage('de'), tags: [tag] });
    await stored(opened.store, key, inLanguage('fr'));
    await opened.store.purge({ tags: [tag] });
    await expectBodies(opened, key, 'fr');
  }),

  rowOfTags('keys and tags may be purged at once', async (opened) => {
    const [key, tagged, twice, tag, another] = [fresh(), fresh(), fresh(), fresh('tag'), fresh('tag')];
    await stored(opened.store, key);
    await stored(opened.store, tagged, response('tagged', { tags: [tag] }));
    await stored(opened.store, twice, response('twice', { tags: [another] }));
    await opened.store.purge({ keys: [key], tags: [tag, another] });
    for (const purged of [key, tagged, twice]) await expectBodies(opened, purged);
  }),

  rowOfTags('a key and a tag that read alike are two names', async (opened) => {
    const [name, tagged] = [fresh(), fresh()];
    await stored(opened.store, name, response('under it'));
    await stored(opened.store, tagged, response('tagged', { tags: [name] }));
    await opened.store.purge({ tags: [name] });
    await expectBodies(opened, name, 'under it');
    await expectBodies(opened, tagged);
    await stored(opened.store, tagged, response('tagged', { tags: [name] }));
    await opened.store.purge({ keys: [name] });
    await expectBodies(opened, name);
    await expectBodies(opened, tagged, 'tagged');
  }),

  rowOfTags('odd tags are names like others', async (opened) => {
    for (const tag of ['', '*', '__proto__', 'all', '\ud800', 'a b', '{}']) {
      const [key, other] = [fresh(), fresh()];
      await stored(opened.store, key, response('odd', { tags: [tag] }));
      await stored(opened.store, other, response('other', { tags: [`${tag}.`] }));
      await opened.second.purge({ tags: [tag] });
      await expectBodies(opened, key);
      await expectBodies(opened, other, 'other');
    }
  }),

  rowOfTags(
    'a fill that began before the purge of a tag is refused, though nobody knew then that it would have it',
    async (opened) => {
      const [key, tag] = [fresh(), fresh('tag')];
      const [tagged, other] = [await begun(opened.store, key), await begun(opened.store, key)];
      await opened.second.purge({ tags: [tag] });
      expect(await tagged.put(response('old', { tags: ['x', tag] }), 10_000)).toBe('purged');
      await expectBodies(opened, key);
      expect(await other.put(response('other', { tags: ['x'] }), 10_000)).toBe('kept');
      await expectBodies(opened, key, 'other');
    },
  ),

  rowOfTags('behind the purge of a tag what has it is kept again', async (opened) => {
    const [key, tag] = [fresh(), fresh('tag')];
    for (const text of ['one', 'two', 'three']) {
      expect(await stored(opened.store, key, response(text, { tags: [tag] }))).toBe('kept');
      await expectBodies(opened, key, text);
      await opened.second.purge({ tags: [tag] });
      await expectBodies(opened, key);
    }
  }),

  rowOfTags('many purges of other tags in between change nothing', async (opened) => {
    const [key, tag] = [fresh(), fresh('tag')];
    const fill = await begun(opened.store, key);
    for (let i = 0; i < 50; i++) await opened.second.purge({ tags: [fresh('tag')] });
    expect(await fill.put(response('body', { tags: [tag] }), 10_000)).toBe('kept');
    for (let i = 0; i < 50; i++) await opened.second.purge({ tags: [fresh('tag')] });
    await expectBodies(opened, key, 'body');
    await opened.second.purge({ tags: [tag] });
    await expectBodies(opened, key);
  }),
];

const SOFT: readonly (readonly [string, (key: string, tag: string) => Purge])[] = [
  ['a key', (key) => ({ keys: [key] })],
  ['a tag', (_key, tag) => ({ tags: [tag] })],
  ['everything', () => ({ all: true })],
];

export const rowsOfSoftPurges: readonly Row[] = [
  ...SOFT.map(([what, purge]) =>
    rowOfSoft(`a soft purge of ${what} ends the freshness, and says when`, async ({ store, second }) => {
      const [key, tag] = [fresh(), fresh('tag')];
      await stored(store, key, response('old', { tags: [tag] }));
      const from = Date.now();
      await second.purge({ ...purge(key, tag), soft: true });
      const to = Date.now();
      for (const handle of [store, second]) {
        const [kept] = await handle.get(key);
        expect(kept && Buffer.from(kept.response.body).toString()).toBe('old');
        expect(kept?.staleSince).toBeGreaterThanOrEqual(from - 5); // another machine's clock
        expect(kept?.staleSince).toBeLessThanOrEqual(to + 5);
      }
    }),
  ),

  rowOfSoft('a soft purge leaves others fresh', async ({ store, second }) => {
    const [key, tag] = [fresh(), fresh('tag')];
    await stored(store, key, response('body', { tags: [tag] }));
    await second.purge({ keys: [fresh()], tags: [fresh('tag')], soft: true });
    expect((await store.get(key)).map(({ staleSince }) => staleSince)).toEqual([undefined]);
  }),

  rowOfSoft('what is filled behind a soft purge is fresh', async ({ store, second }) => {
    const key = fresh();
    await stored(store, key, response('old'));
    await second.purge({ keys: [key], soft: true });
    expect(await stored(store, key, response('new'))).toBe('kept');
    for (const handle of [store, second]) {
      const [kept] = await handle.get(key);
      expect(kept).toBeDefined();
      expect(kept?.staleSince).toBeUndefined();
    }
  }),

  rowOfSoft('a fill that a soft purge refuses leaves what is stale', async (opened) => {
    const key = fresh();
    await stored(opened.store, key, response('stale'));
    const fill = await begun(opened.store, key);
    await opened.second.purge({ keys: [key], soft: true });
    expect(await fill.put(response('late'), 10_000)).toBe('purged');
    await expectBodies(opened, key, 'stale');
  }),

  rowOfSoft('a purge takes away what a soft one has left, and a soft one brings nothing back', async (opened) => {
    const [key, tag] = [fresh(), fresh('tag')];
    await stored(opened.store, key, response('old', { tags: [tag] }));
    await opened.store.purge({ tags: [tag], soft: true });
    await opened.store.purge({ tags: [tag] });
    await expectBodies(opened, key);
    await opened.store.purge({ tags: [tag], keys: [key], soft: true });
    await expectBodies(opened, key);
  }),

  rowOfSoft('of two variants only the one with the tag becomes stale', async ({ store, second }) => {
    const [key, tag] = [fresh(), fresh('tag')];
    await stored(store, key, { ...inLanguage('de'), tags: [tag] });
    await stored(store, key, inLanguage('fr'));
    await second.purge({ tags: [tag], soft: true });
    const stale = (await store.get(key)).filter(({ staleSince }) => staleSince !== undefined);
    expect(stale.map(({ response: { body } }) => Buffer.from(body).toString())).toEqual(['de']);
    expect(await bodies(store, key)).toHaveLength(2);
  }),
];

export const rowsWithoutTags: readonly Row[] = [
  row('a purge of tags is refused in so many words, and tagged responses are kept', async (opened) => {
    const key = fresh();
    await stored(opened.store, key, response('tagged', { tags: ['tag'] }));
    await expect(opened.store.purge({ tags: ['tag'] })).rejects.toThrow(/tags/);
    await expectBodies(opened, key, 'tagged');
  }),
];
