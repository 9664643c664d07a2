/** What one Redis server may forget, with or without its process. */
import type { Redis } from 'ioredis';
import type { RestartableServer } from '../support/restartable-server.ts';
import type { Loss } from './kit.ts';
import { answering, type OpenedRedis } from './redis-kit.ts';

export function lossesOf(server: () => RestartableServer): readonly Loss[] {
  const opened = (given: Parameters<Loss['lose']>[0]): OpenedRedis => given as OpenedRedis; // only Redis kits have these losses
  return [
    {
      name: 'FLUSHALL',
      lose: async (given) => void (await (opened(given).clients[0] as Redis).flushall()), // one server, not a Cluster
    },
    {
      name: 'a restart that keeps all data',
      async lose(given) {
        await server().restart();
        await answering(opened(given));
      },
    },
    {
      name: 'a restart that keeps nothing',
      async lose(given) {
        await server().restart({ forget: true });
        await answering(opened(given));
      },
    },
  ];
}
