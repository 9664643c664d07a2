/** Whole numbers as they stand on a command line. */
import { usageError } from './usage-error.ts';

export function countOf(option: string, text: string, least: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= 1000) return count;
  throw usageError(`${option} takes a whole number from ${least} to 1000, not ${JSON.stringify(text)}`);
}
