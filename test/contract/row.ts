/** One row of the adapter contract: a sentence about HTTP, and the proof on a framework of the caller's choice. */
import { clientOf, type Client } from '../support/exchange.ts';
import type { Framework, Io, Kit } from './framework.ts';

export interface Row {
  readonly name: string;
  prove(framework: Framework): Promise<void>;
}

/** A handler that may use the accessors of its framework. */
export type SceneHandler = (io: Io, kit: Kit) => void | Promise<void>;

export interface Scene {
  readonly middlewares: (kit: Kit, framework: Framework) => readonly unknown[];
  readonly handler: SceneHandler;
}

/** A row that needs one server. */
export function row(
  name: string,
  scene: Scene | (() => Scene),
  prove: (client: Client, framework: Framework) => Promise<void>,
): Row {
  return {
    name,
    async prove(framework) {
      const { middlewares, handler } = typeof scene === 'function' ? scene() : scene;
      const client = await clientOf(
        await framework.serve(middlewares(framework.kit, framework), (io) => handler(io, framework.kit)),
      );
      try {
        await prove(client, framework);
      } finally {
        await client.close();
      }
    },
  };
}
