/** Fills: one leads, the others wait for it, and nobody waits for one that is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { begun, expectBodies, fresh, LONG, response, row, SHORT, type Row } from './kit.ts';

/** Milliseconds that it takes. */
async function took(promise: Promise<unknown>): Promise<number> {
  const from = performance.now();
  await promise;
  return performance.now() - from;
}

export const rowsOfFills: readonly Row[] = [
  row('of many fills of a key one leads, whatever handles they came by', async ({ store, second }) => {
    const key = fresh();
    const fills = await Promise.all(Array.from({ length: 20 }, (_, i) => begun(i % 2 ? store : second, key)));
    expect(fills.filter(({ leads }) => leads)).toHaveLength(1);
  }),

  row('fills of other keys lead as well', async ({ store, second }) => {
    const fills = await Promise.all(Array.from({ length: 20 }, (_, i) => begun(i % 2 ? store : second, fresh())));
    expect(fills.filter(({ leads }) => leads)).toHaveLength(20);
  }),

  row(
    'the next fill leads when the response was put, and when the fill ended without one',
    async ({ store, second }) => {
      const key = fresh();
      const first = await begun(store, key);
      await first.put(response(), LONG);
      const next = await begun(second, key);
      expect(next.leads).toBe(true);
      next.end();
      let last = await begun(store, key);
      for (let i = 0; i < 100 && !last.leads; i++, last = await begun(store, key)) await sleep(5);
      expect(last.leads).toBe(true);
    },
  ),

  row('a put that is refused, or too large, ends the fill as well', async ({ store, second }) => {
    const key = fresh();
    const refused = await begun(store, key);
    await store.purge({ keys: [key] });
    expect(await refused.put(response(), LONG)).toBe('purged');
    const next = await begun(second, key);
    expect(next.leads).toBe(true);
    expect(await next.put(response('x'.repeat(1_000_000)), LONG)).toBe('dropped');
    let last = await begun(store, key);
    for (let i = 0; i < 100 && !last.leads; i++, last = await begun(store, key)) await sleep(5);
    expect(last.leads).toBe(true);
  }),

  row('a fill that does not lead may put its response, and leaves the lead where it is', async (opened) => {
    const key = fresh();
    await begun(opened.store, key);
    const other = await begun(opened.second, key);
    expect(await other.put(response('other'), LONG)).toBe('kept');
    await expectBodies(opened, key, 'other');
    expect((await begun(opened.second, key)).leads).toBe(false);
  }),

  row(
    'nobody leads for longer than the lease: a process may have died',
    async ({ store, second }, { leaseStep = 1 }) => {
      const key = fresh();
      const lease = Math.max(SHORT, leaseStep);
      expect((await begun(store, key, lease)).leads).toBe(true);
      expect((await begun(second, key, lease)).leads).toBe(false);
      await sleep(lease + leaseStep + 50);
      expect((await begun(second, key, LONG)).leads).toBe(true);
      expect((await begun(store, key, lease)).leads).toBe(false);
    },
  ),

  row(
    'a fill that is late by more than its lease may put, and does not end the lead of the next',
    async (opened, { leaseStep = 1 }) => {
      const key = fresh();
      const lease = Math.max(SHORT, leaseStep);
      const late = await begun(opened.store, key, lease);
      const later = await begun(opened.store, fresh(), lease);
      later.end();
      await sleep(lease + leaseStep + 50);
      const next = await begun(opened.second, key);
      expect(next.leads).toBe(true);
      expect(await late.put(response('late'), LONG)).toBe('kept');
      late.end();
      await sleep(30);
      expect((await begun(opened.store, key)).leads).toBe(false);
      await expectBodies(opened, key, 'late');
    },
  ),

  row('who waits goes on when the response is there', async ({ store, second }) => {
    const key = fresh();
    const leading = await begun(store, key);
    const waiting = await begun(second, key);
    expect(waiting.leads).toBe(false);
    let done = false;
    const wait = waiting.wait(10_000).then(() => (done = true));
    await sleep(100);
    expect(done).toBe(false);
    await leading.put(response(), LONG);
    expect(await took(wait)).toBeLessThan(1000);
    expect(await second.get(key)).toHaveLength(1);
  }),

  row('who waits goes on when the fill ends without a response', async ({ store, second }) => {
    const key = fresh();
    const leading = await begun(store, key);
    const waiting = await begun(second, key);
    const wait = waiting.wait(10_000);
    await sleep(50);
    leading.end();
    expect(await took(wait)).toBeLessThan(1000);
    expect(await second.get(key)).toEqual([]);
  }),

  row('who waits goes on at his deadline', async ({ store, second }) => {
    const key = fresh();
    await begun(store, key);
    const waiting = await begun(second, key);
    const time = await took(waiting.wait(150));
    expect(time).toBeGreaterThan(140);
    expect(time).toBeLessThan(1000);
  }),

  row('who waits goes on when the lease is over', async ({ store, second }, { leaseStep = 1 }) => {
    const key = fresh();
    const lease = Math.max(SHORT, leaseStep);
    await begun(store, key, lease);
    const waiting = await begun(second, key);
    const time = await took(waiting.wait(10_000));
    expect(time).toBeGreaterThan(lease / 4);
    expect(time).toBeLessThan(lease + leaseStep + 1000);
  }),

  row('nobody waits for a fill that has ended', async ({ store, second }) => {
    const key = fresh();
    const leading = await begun(store, key);
    const waiting = await begun(second, key);
    await leading.put(response(), LONG);
    expect(await took(waiting.wait(10_000))).toBeLessThan(1000);
  }),

  row('many wait at once', async ({ store, second }) => {
    const key = fresh();
    const leading = await begun(store, key);
    const waiting = await Promise.all(Array.from({ length: 50 }, (_, i) => begun(i % 2 ? store : second, key)));
    const all = Promise.all(waiting.map((fill) => fill.wait(10_000)));
    await leading.put(response(), LONG);
    expect(await took(all)).toBeLessThan(1500);
  }),
];
