/** The bus over a transport that loses, repeats and forges: what is heard is never less than what was purged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { messageOf, read, textsOf } from '../../src/response-stores/bus-message.ts';
import { busOver, type InvalidationBus } from '../../src/response-stores/invalidation-bus.ts';
import type { Purge } from '../../src/response-stores/response-store.ts';
import { emitter } from './emitter.ts';

const BEAT = 20;
const open: InvalidationBus[] = [];
afterEach(() => open.splice(0).forEach((bus) => bus.close()));

interface Heard {
  readonly bus: InvalidationBus;
  readonly log: (Purge | 'live' | 'lost')[];
}

function listening(transport: Parameters<typeof busOver>[0], beat = BEAT): Heard {
  const bus = busOver(transport, { beat });
  open.push(bus);
  const log: Heard['log'] = [];
  bus.subscribe({ purged: (what) => log.push(what), live: () => log.push('live'), lost: () => log.push('lost') });
  return { bus, log };
}

const ALL: Purge = { all: true };
const purgeOf = (key: string): Purge => ({ keys: [key], tags: [], all: false, soft: false });

test('what one process purges all of them hear, and the one itself', async () => {
  const { transport } = emitter();
  const [one, two] = [listening(transport()), listening(transport())];
  await one.bus.publish({ keys: ['a'], tags: ['t'], soft: true });
  const heard = { keys: ['a'], tags: ['t'], all: false, soft: true };
  expect(one.log).toEqual(['live', heard]);
  expect(two.log).toEqual(['live', heard]);
});

test('a message that is lost is seen by the next one, or by the next beat', async () => {
  const { transport } = emitter();
  const [one, far] = [listening(transport()), transport()];
  const two = listening(far);
  await one.bus.publish(purgeOf('a'));
  far.deaf = true;
  await one.bus.publish(purgeOf('b'));
  far.deaf = false;
  await one.bus.publish(purgeOf('c'));
  expect(two.log.slice(1)).toEqual([purgeOf('a'), ALL]);
  far.deaf = true;
  await one.bus.publish(purgeOf('d'));
  far.deaf = false;
  await sleep(3 * BEAT);
  expect(two.log.slice(3)).toEqual([ALL]);
});

test('messages that come twice, or in another order, purge at least what they name', async () => {
  const { transport, texts, forge } = emitter();
  const [one, two] = [listening(transport()), listening(transport())];
  for (const key of ['a', 'b', 'c']) await one.bus.publish(purgeOf(key));
  const again = texts.filter((text) => text.includes('what')).toReversed();
  two.log.length = 0;
  for (const text of again) forge(text);
  expect(two.log).toEqual(['c', 'b', 'a'].map(purgeOf));
});

test('a process that joins later takes what was said before for lost', async () => {
  const { transport } = emitter();
  const one = listening(transport());
  await one.bus.publish(purgeOf('a'));
  const two = listening(transport());
  await one.bus.publish(purgeOf('b'));
  expect(two.log).toEqual(['live', ALL]);
  await one.bus.publish(purgeOf('c'));
  expect(two.log.at(-1)).toEqual(purgeOf('c'));
});

test('three beats without an echo are a loss, and the next echo ends it', async () => {
  const { transport } = emitter();
  const far = transport();
  const { log } = listening(far);
  far.deaf = true;
  await sleep(8 * BEAT);
  expect(log).toEqual(['live', 'lost']);
  far.deaf = false;
  await sleep(3 * BEAT);
  expect(log).toEqual(['live', 'lost', 'live']);
});

test('what the transport calls lost is lost at once, and an echo from before does not end it', async () => {
  const { transport, texts, forge } = emitter();
  const far = transport();
  const { log } = listening(far, 1000);
  far.lose();
  expect(log).toEqual(['live', 'lost']);
  forge(texts[0]);
  expect(log).toEqual(['live', 'lost']);
});

test('a transport that takes nothing makes publish reject, and what was not sent is missed by all', async () => {
  const { transport } = emitter();
  const near = transport();
  const [one, two] = [listening(near), listening(transport())];
  near.mute = true;
  await expect(one.bus.publish(purgeOf('a'))).rejects.toThrow('mute');
  near.mute = false;
  await sleep(2 * BEAT);
  expect(two.log).toContainEqual(ALL);
});

describe('a message that is none', () => {
  const odd: readonly (readonly [string, unknown])[] = [
    ['not JSON', '{'],
    ['no object', '7'],
    ['null', 'null'],
    ['no text', 7],
    ['of another version', '{"v":2,"from":"x","number":1,"what":{"keys":["a"]}}'],
    ['without a publisher', '{"v":1,"number":1,"what":{"keys":["a"]}}'],
    ['without a number', '{"v":1,"from":"x","what":{"keys":["a"]}}'],
    ['with a number below 0', '{"v":1,"from":"x","number":-1,"what":{"keys":["a"]}}'],
    ['with keys that are no texts', '{"v":1,"from":"x","number":1,"what":{"keys":[7]}}'],
    ['with keys that are no list', '{"v":1,"from":"x","number":1,"what":{"keys":"a"}}'],
    ['both a beat and a purge', '{"v":1,"from":"x","number":1,"beat":1,"what":{"keys":["a"]}}'],
    ['too long', JSON.stringify({ v: 1, from: 'x', number: 1, what: { keys: ['a'.repeat(70_000)] } })],
  ];
  test.each(odd)('%s purges everything, and throws nothing', (_name, text) => {
    const { transport, forge } = emitter();
    const { log } = listening(transport());
    forge(text);
    expect(log).toEqual(['live', ALL]);
  });

  test('whatever it is, it is read without an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (text) => {
        expect(() => read(text)).not.toThrow();
      }),
      { numRuns: 5000 },
    );
  });

  test('many publishers, and many messages, are bounded', () => {
    const { transport, forge } = emitter();
    const { log } = listening(transport());
    for (let i = 0; i < 30_000; i++) forge(messageOf({ from: `p${i}`, number: 1, what: purgeOf('a') }));
    expect(log).toHaveLength(30_001);
  });
});

test('a purge of many names goes out in messages that are not too long, and nothing of it is missing', () => {
  const names = fc.array(fc.oneof(fc.string(), fc.string({ minLength: 5000, maxLength: 30_000 })), { maxLength: 30 });
  fc.assert(
    fc.property(names, names, fc.boolean(), fc.boolean(), (keys, tags, all, soft) => {
      let number = 0;
      const messages = textsOf({ keys, tags, all, soft }, () => ({ from: 'x', number: ++number })).map(read);
      const purges = messages.map((message) => message?.what ?? {});
      const everything = purges.some((what) => what.all);
      expect(messages.every((message, i) => message?.number === i + 1)).toBe(true);
      expect(purges.every((what) => what.soft === soft)).toBe(true);
      const seen = everything && !all ? [] : [...keys, ...tags];
      const told = new Set(purges.flatMap(({ keys: k = [], tags: t = [] }) => k.concat(t)));
      expect(everything || seen.every((name) => told.has(name))).toBe(true);
      expect(all && !everything).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test.each<[string, unknown, object, string]>([
  ['a transport that is none', {}, {}, 'transport.publish to be a function'],
  ['a transport that only publishes', { publish() {} }, {}, 'transport.subscribe to be a function'],
  ['no time between beats', { publish() {}, subscribe: () => () => {} }, { beat: 0 }, 'beat in whole milliseconds'],
  ['an unknown option', { publish() {}, subscribe: () => () => {} }, { beats: 1 }, 'Did you mean beat?'],
])('%s is refused by the factory', (_name, transport, options, message) => {
  expect(() => busOver(transport as never, options as never)).toThrow(message); // as JavaScript code may call it
});
