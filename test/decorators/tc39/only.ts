/** What only the dialect of TC39 can say. */
import { Conditional, Guard, NoStore, Vary } from '../../../src/decorators.ts';
import { anywhere, current } from '../house.ts';

export const REFUSED: readonly (readonly [what: string, define: () => unknown, message: string])[] = [
  [
    'a method with a private name',
    () => {
      class Wrong {
        @anywhere(Guard(current))
        #update(): void {}
        update(): void {
          return this.#update();
        }
      }
      return Wrong;
    },
    'got "#update"',
  ],
  [
    'an accessor',
    () => {
      class Wrong {
        @anywhere(Vary('Accept'))
        static accessor list = 1;
      }
      return Wrong;
    },
    'got "static accessor list"',
  ],
  [
    'the code of a compiler that knows no metadata',
    () => NoStore()(current, { kind: 'method', name: 'list', addInitializer() {} } as never),
    '@NoStore(): expected a compiler whose decorators have metadata (TypeScript 5.2, esbuild 0.21), got "none"',
  ],
];

/** Never called: the compiler is the test. */
export function typed(): unknown {
  class Wrong {
    // @ts-expect-error a static method is nobody's route
    @NoStore()
    static list(): void {}

    // @ts-expect-error nor is a private one
    @Guard(current)
    #update(): void {}

    // @ts-expect-error nor a getter
    @Vary('Accept')
    get list(): null {
      return this.#update() ?? null;
    }

    // @ts-expect-error nor a field
    @Conditional(current)
    show = (): void => {};

    // @ts-expect-error the parentheses belong to it
    @NoStore
    bare(): void {}
  }
  return Wrong;
}
