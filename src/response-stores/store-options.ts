/** Checks of options that several stores of responses have. */
import { ConfigurationError } from '../errors.ts';
import type { Purge } from './response-store.ts';

export function checkVariants(where: string, maxVariants = 8): number {
  if (Number.isSafeInteger(maxVariants) && maxVariants > 0) return maxVariants;
  throw new ConfigurationError(where, 'maxVariants to be a whole number above 0', maxVariants);
}

/** The error does not show it. */
export function checkSecret(where: string, secret: unknown): void {
  if (secret === undefined || (typeof secret === 'string' && secret.length >= 16)) return;
  throw new ConfigurationError(where, 'secret to be a text of at least 16 characters', typeof secret);
}

export function refuseTags(where: string, { tags = [] }: Purge): void {
  if (tags.length === 0) return;
  throw new ConfigurationError(where, 'a store that purges tags (redisResponses, memoryResponses)', tags, 'Purge keys');
}
