import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, layers, version } from '../../src/index.ts';

const { cacheControl, conditional, etag, guard, vary } = layers;
const current = (): ReturnType<typeof version<number>> => version(7);
const request = { headers: {}, method: 'GET', url: '/' };
/** What a caller without types can do. */
const untyped = (value: unknown): never => value as never;

describe('a factory refuses what it cannot work with, and says where, what came and what is expected', () => {
  test.each<[sentence: string, make: () => unknown, message: RegExp]>([
    [
      'a misspelt option',
      () => etag(untyped({ limt: 5 })),
      /^etag\(options\): expected options out of weak, limit, algorithm, got "limt"\. Did you mean limit\?$/,
    ],
    [
      'an option of another kind',
      () => etag(untyped({ weak: 'yes' })),
      /^etag\(options\): expected weak to be true or false, got "yes"$/,
    ],
    [
      'a size without sense',
      () => etag({ limit: '1 foo' }),
      /^etag\(options\): expected limit in bytes or as a text such as '1mb', got "1 foo"$/,
    ],
    ['a negative size', () => etag({ limit: -1 }), /limit in bytes/],
    [
      'a digest that OpenSSL does not have',
      () => etag({ algorithm: 'fnv1a' }),
      /expected algorithm to be a digest of node:crypto, such as 'sha256', got "fnv1a"$/,
    ],
    [
      'etag mounted instead of called',
      () => etag(untyped(request)),
      /^etag\(options\): expected its options, got .*Write etag\(options\), with the call/,
    ],
    [
      'conditional mounted instead of called',
      () => conditional(untyped(request)),
      /Write conditional\(current, options\), with the call/,
    ],
    [
      'guard mounted instead of called',
      () => guard(untyped(request)),
      /Write guard\(current, options\), with the call/,
    ],
    [
      'cacheControl mounted instead of called',
      () => cacheControl(untyped(request)),
      /Write cacheControl\(policy\), with the call/,
    ],
    [
      'no resolver',
      () => conditional(untyped(undefined)),
      /^conditional\(current, options\): expected current to be a function, got undefined$/,
    ],
    [
      'validators in place of a resolver',
      () => guard(untyped(version(7))),
      /^guard\(current, options\): expected current to be a function/,
    ],
    [
      'an unknown time for the answer',
      () => conditional(current, untyped({ early: 'always' })),
      /expected early to be 'tags' or 'all', got "always"$/,
    ],
    [
      'a scope that is no function',
      () => conditional(current, untyped({ scope: 'admin' })),
      /expected scope to be a function, got "admin"$/,
    ],
    [
      'a problem that is no function',
      () => conditional(current, untyped({ problem: {} })),
      /expected problem to be a function/,
    ],
    [
      'an unknown mode',
      () => guard(current, untyped({ mode: 'fence' })),
      /expected mode to be 'fenced' or 'unsafeCheckOnly', got "fence"$/,
    ],
    [
      'a flag that is none',
      () => guard(current, untyped({ required: 1 })),
      /^guard\(current, options\): expected required to be true or false, got 1$/,
    ],
    ['a misspelt flag', () => guard(current, untyped({ allowstar: true })), /Did you mean allowStar\?$/],
    [
      'a guard scope that is no function',
      () => guard(current, untyped({ scope: 1 })),
      /expected scope to be a function, got 1$/,
    ],
    [
      'a reveal that is neither',
      () => guard(current, untyped({ reveal: 'yes' })),
      /expected reveal to be a function, got "yes"$/,
    ],
    [
      'a guard problem that is no function',
      () => guard(current, untyped({ problem: 1 })),
      /expected problem to be a function, got 1$/,
    ],
    ['no policy', () => cacheControl(untyped(undefined)), /^cacheControl\(policy\): expected an options object/],
    [
      'a policy that contradicts itself',
      () => cacheControl({ public: true, private: true }),
      /^cacheControl\(policy\): expected public without private, got "both"/,
    ],
    [
      'a contradiction in a table',
      () => cacheControl({ default: { maxAge: 5 }, 404: { noStore: true, maxAge: 5 } }),
      /^cacheControl\(policy\): 404: expected noStore without maxAge/,
    ],
    [
      'a line in a table that is no status',
      () => cacheControl(untyped({ default: {}, '4x': {} })),
      /^cacheControl\(policy\): expected options out of .*, got "4x"/,
    ],
    ['no field at all', () => vary(), /^vary\(\.\.\.fields\): expected at least one field name/],
    [
      'a field name that is none',
      () => vary('Accept Language'),
      /^vary\(\.\.\.fields\): expected fields to list field names, got \["Accept Language"\]/,
    ],
  ])('%s', (_sentence, make, message) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(message);
  });
});
