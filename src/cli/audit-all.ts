/** Audits all that was named: reads side by side, and writes after them, alone, for they change what reads look at. */
import { auditError, auditRead, auditWrite, type Audit, type Settings } from '../audit/audit.ts';
import type { Command } from './arguments.ts';

export async function auditAll(command: Command, progress: Settings['progress']): Promise<Audit[]> {
  const { urls, missing, writes, concurrency } = command;
  const settings: Settings = { ...command.settings, progress };
  const reads = [
    ...urls.map((url) => () => auditRead(url, settings)),
    ...missing.map((url) => () => auditError(url, settings)),
  ];
  const audits = await pooled(reads, concurrency);
  return writes ? [...audits, await auditWrite(writes, settings)] : audits;
}

/** At most so many at a time; results in the order of the tasks. */
async function pooled<T>(tasks: readonly (() => Promise<T>)[], most: number): Promise<T[]> {
  const results: T[] = [];
  const waiting = tasks.entries();
  const work = async (): Promise<void> => {
    for (const [i, task] of waiting) results[i] = await task();
  };
  await Promise.all(Array.from({ length: Math.min(most, tasks.length) }, work));
  return results;
}
