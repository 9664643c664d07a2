/** Faults on one Redis, as an administrator brings them about. */
import { Redis } from 'ioredis';
import type { Fault } from './faults.ts';
import type { Random } from './random.ts';

export interface RedisFaults {
  readonly flush: Fault;
  readonly killClients: Fault;
  /** The whole server does nothing for a while: by a command that has to be allowed, and by a signal. */
  readonly sleep: Fault;
  readonly suspend: Fault;
}

export function redisFaults(ports: () => readonly number[], random: Random): RedisFaults {
  /** A connection of its own for every fault: the ports change, and servers restart. */
  async function tell(command: string, ...rest: string[]): Promise<unknown> {
    const redis = new Redis(random.pick(ports()), { maxRetriesPerRequest: 3, commandTimeout: 5000 });
    redis.on('error', () => undefined); // the command fails
    try {
      return await redis.call(command, ...rest);
    } finally {
      redis.disconnect();
    }
  }

  return {
    async flush() {
      await tell('FLUSHALL');
    },
    async killClients() {
      await tell('CLIENT', 'KILL', 'TYPE', 'normal');
    },
    async sleep() {
      await tell('DEBUG', 'SLEEP', random.between(0.05, 0.6).toFixed(3));
    },
    async suspend(pause) {
      const pid = Number(/^process_id:(\d+)/m.exec(String(await tell('INFO', 'server')))?.[1]);
      process.kill(pid, 'SIGSTOP');
      // Shorter than what makes a Sentinel or a Cluster take it for dead.
      await pause(random.between(50, 400));
      process.kill(pid, 'SIGCONT');
    },
  };
}
