/** Decorators that are refused, in both dialects. */
import { CacheControl, Conditional, Guard, NoStore, Vary } from '../../src/decorators.ts';
import { anywhere, current, Logged } from './house.ts';

/** Classes that cannot be defined. */
export const REFUSED: readonly (readonly [what: string, define: () => unknown, message: string])[] = [
  [
    'a static method',
    () => {
      class Wrong {
        @anywhere(NoStore())
        static list(): void {}
      }
      return Wrong;
    },
    '@NoStore(): expected to stand on a class or a public method of its instances, got "static list"',
  ],
  [
    'a getter',
    () => {
      class Wrong {
        @anywhere(Vary('Accept'))
        get list(): null {
          return null;
        }
      }
      return Wrong;
    },
    '@Vary(...fields): expected to stand on a class or a public method of its instances, got "',
  ],
  [
    'a field, and says what to write in its place',
    () => {
      class Wrong {
        @anywhere(Guard(current))
        list = (): void => {};
      }
      return Wrong;
    },
    'got "field list". Write a method in place of a field that holds a function',
  ],
  [
    'the same kind twice on a method',
    () => {
      class Wrong {
        @CacheControl({ public: true })
        @Vary('Accept')
        @CacheControl({ private: true })
        list(): void {}
      }
      return Wrong;
    },
    '@CacheControl(policy): expected once on list, got "twice". @NoStore() is a @CacheControl(policy), too',
  ],
  [
    'the same kind twice, with the method of somebody else between the two',
    () => {
      class Wrong {
        @Guard(current)
        @Logged
        @Guard(current)
        update(): void {}
      }
      return Wrong;
    },
    '@Guard(current, options): expected once on update, got "twice"',
  ],
  [
    'two policies on a class, by two names',
    () => {
      @NoStore()
      @CacheControl({ public: true })
      class Twice {}
      return Twice;
    },
    '@NoStore(): expected once on a class, got "twice"',
  ],
  [
    'a policy that contradicts itself, before anything is mounted',
    () => {
      class Wrong {
        @CacheControl({ public: true, private: true })
        list(): void {}
      }
      return Wrong;
    },
    'cacheControl(policy): expected public without private, got "both"',
  ],
  [
    'a misspelt option',
    () => {
      class Wrong {
        @Guard(current, { requird: false } as never)
        list(): void {}
      }
      return Wrong;
    },
    'got "requird". Did you mean required?',
  ],
  [
    'a name that is no field name',
    () => {
      class Wrong {
        @Vary('Accept Language')
        list(): void {}
      }
      return Wrong;
    },
    'vary(...fields): expected fields to list field names',
  ],
  [
    'NoStore without its parentheses',
    () => {
      class Wrong {
        @anywhere(NoStore)
        list(): void {}
      }
      return Wrong;
    },
    'NoStore(): expected a call, got "none". Write @NoStore(), with the parentheses',
  ],
  [
    'CacheControl without its parentheses, where the method could be taken for a policy',
    () => {
      class Wrong {
        @anywhere(CacheControl)
        list(): void {}
      }
      return Wrong;
    },
    'Write @CacheControl(policy), with the parentheses',
  ],
  [
    'Vary without its parentheses',
    () => {
      class Wrong {
        @anywhere(Vary)
        list(): void {}
      }
      return Wrong;
    },
    'Write @Vary(...fields), with the parentheses',
  ],
  [
    'Conditional without its parentheses',
    () => {
      class Wrong {
        @anywhere(Conditional)
        list(): void {}
      }
      return Wrong;
    },
    'Write @Conditional(current, options), with the parentheses',
  ],
  [
    'Guard without its parentheses',
    () => {
      class Wrong {
        @anywhere(Guard)
        list(): void {}
      }
      return Wrong;
    },
    'Write @Guard(current, options), with the parentheses',
  ],
  [
    'a decorator of a class without its parentheses',
    () => {
      @anywhere(CacheControl)
      class Bare {}
      return Bare;
    },
    'Write @CacheControl(policy), with the parentheses',
  ],
];
