/** A version store that runs, and a Redis of it that comes back after it was gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { findRedisBinary, startServer, type RunningServer } from '../support/redis-server.ts';
import type { Faults } from './faults.ts';
import type { StoreAddress } from './store.ts';

export interface RunningStore {
  readonly address: StoreAddress;
  /** The same through a proxy, where there is one. */
  readonly proxied: StoreAddress;
  readonly faults: Faults;
  stop(): Promise<void>;
}

/** On its old port, which a connection may have taken for a moment. */
export async function startAgain(port: number, settings: readonly string[]): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServer(findRedisBinary(), settings, { port });
    } catch (error) {
      if (attempt === 10) throw error;
      await sleep(200);
    }
  }
}
