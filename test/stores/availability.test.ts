/** The breaker around a store, on a clock of its own: when it opens, how it probes, when it closes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { availability } from '../../src/stores/availability.ts';

const CALLS = { store: 'redis', calls: 'all' };

interface Scene {
  now: number;
  /** Whether the store is away. */
  away: boolean;
  /** Calls that reached the store. */
  calls: number;
  ask(): Promise<boolean>;
}

function scene(): Scene {
  const available = availability(1000, CALLS, () => it.now);
  const it: Scene = {
    now: 0,
    away: false,
    calls: 0,
    ask: () =>
      available('read', async () => {
        it.calls++;
        if (it.away) throw new Error('away');
      }).then(
        () => true,
        () => false,
      ),
  };
  return it;
}

async function ask(it: Scene, times: number): Promise<number> {
  const before = it.calls;
  for (let i = 0; i < times; i++) await it.ask();
  return it.calls - before;
}

test('five failures in a row open it: then the store is not asked any more', async () => {
  const it = scene();
  await ask(it, 30);
  it.away = true;
  expect(await ask(it, 100)).toBe(5);
});

test('four failures in a row, and a success, leave it closed', async () => {
  const it = scene();
  for (let round = 0; round < 3; round++) {
    it.away = true;
    expect(await ask(it, 2)).toBe(2);
    it.away = false;
    expect(await ask(it, 3)).toBe(3);
  }
  it.away = true;
  await ask(it, 4);
  it.away = false;
  expect(await ask(it, 10)).toBe(10);
});

test('half of the latest twenty calls failing opens it, though they are not in a row', async () => {
  const it = scene();
  let asked = 0;
  for (let i = 0; i < 100; i++) {
    it.away = i % 2 === 0;
    asked += await ask(it, 1);
  }
  expect(asked).toBeLessThanOrEqual(21);
  expect(asked).toBeGreaterThanOrEqual(19);
});

test('fewer than half of the latest calls failing leaves it closed', async () => {
  const it = scene();
  for (let i = 0; i < 200; i++) {
    it.away = i % 3 === 0;
    expect(await ask(it, 1)).toBe(1);
  }
});

test('while it is open one probe goes through every 500 ms', async () => {
  const it = scene();
  it.away = true;
  await ask(it, 5);
  let probes = 0;
  for (it.now = 0; it.now < 10_000; it.now += 10) probes += await ask(it, 3);
  expect(probes).toBeGreaterThanOrEqual(18);
  expect(probes).toBeLessThanOrEqual(20);
});

test('one probe at a time, although many calls come while it is under way', async () => {
  const it = scene();
  it.away = true;
  await ask(it, 5);
  it.now = 600;
  const before = it.calls;
  await Promise.all(Array.from({ length: 50 }, () => it.ask()));
  expect(it.calls - before).toBe(1);
});

test('the first probe that succeeds closes it for all', async () => {
  const it = scene();
  it.away = true;
  await ask(it, 50);
  it.away = false;
  it.now = 499;
  expect(await ask(it, 5)).toBe(0);
  it.now = 501;
  expect(await ask(it, 5)).toBe(5);
  it.away = true;
  expect(await ask(it, 50)).toBe(5); // and it has forgotten the failures before
});

test('what it refuses says so: by its code, and fast', async () => {
  const it = scene();
  it.away = true;
  await ask(it, 5);
  const available = availability(30, CALLS);
  const hanging = available('begin', () => new Promise(() => {}));
  await expect(hanging).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
});

test('a call that throws at once, or hangs, fails as one that rejects', async () => {
  const available = availability(20, CALLS);
  const thrower = (): Promise<never> => {
    throw new Error('at once');
  };
  await expect(available('read', thrower)).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
  const from = performance.now();
  await expect(available('read', () => new Promise(() => {}))).rejects.toMatchObject({
    code: 'ERR_UNSTALE_STORE_UNAVAILABLE',
  });
  expect(performance.now() - from).toBeLessThan(400);
});

test('an answer that comes behind the deadline disturbs nobody, be it a failure', async () => {
  const available = availability(10, CALLS);
  const late = available('read', async () => {
    await sleep(40);
    throw new Error('too late');
  });
  await expect(late).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
  await sleep(60); // an unhandled rejection would end the run
  expect(await available('read', async () => 'answer')).toBe('answer');
});
