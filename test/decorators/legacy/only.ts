/** What only the legacy dialect can say. */
import { Guard, NoStore } from '../../../src/decorators.ts';
import { anywhere, current } from '../house.ts';

export const REFUSED: readonly (readonly [what: string, define: () => unknown, message: string])[] = [
  [
    'a parameter of a method',
    () => {
      class Wrong {
        update(@anywhere(Guard(current)) _body: object): void {}
      }
      return Wrong;
    },
    'got "a parameter of update"',
  ],
  [
    'a parameter of a constructor',
    () => {
      class Wrong {
        constructor(@anywhere(NoStore()) _body: object) {}
      }
      return Wrong;
    },
    'got "a parameter of the constructor"',
  ],
  [
    'an accessor',
    () => {
      class Wrong {
        @NoStore()
        get list(): null {
          return null;
        }
      }
      return Wrong;
    },
    'got "accessor list"',
  ],
];

/** Never called: the compiler is the test. */
export function typed(): unknown {
  class Wrong {
    // @ts-expect-error the parentheses belong to it
    @NoStore
    bare(): void {}

    // @ts-expect-error nothing can be recorded of a parameter
    update(@Guard(current) _body: object): void {}
  }
  return Wrong;
}
