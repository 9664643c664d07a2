/** What a page will show, in a moment. */
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE = 10_000;

/** Runs `check` until it throws no more; in the end with its own error. */
export async function eventually<T>(check: () => Promise<T> | T): Promise<T> {
  for (const end = Date.now() + PATIENCE; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await pause(25);
  }
}
