/** The options of `remember` and `writeThrough`, checked. */
import { ConfigurationError } from '../errors.ts';
import { checkFunction, checkOptions, parseMilliseconds } from '../options.ts';
import { checkNumber } from './option-checks.ts';
import { checkTags } from './tags.ts';

export interface RememberOptions {
  /** What invalidates it beside its key. */
  readonly tags?: readonly string[];
  /** For how long after its time the last value may be given while a new one is made, or where that fails. Default not at all. */
  readonly stale?: number | string;
  /** For how long one caller may keep the others waiting. Default `'10s'`. */
  readonly lease?: number | string;
  /** How long a caller waits for another one before it makes the value itself. Default `'3s'`. */
  readonly wait?: number | string;
  /** The last part of its time in which a value may be renewed before it ends. Default 0.1. */
  readonly jitter?: number;
}

/** Times in milliseconds. */
export interface RememberSettings {
  readonly ttl: number;
  readonly stale: number;
  readonly lease: number;
  readonly wait: number;
  readonly jitter: number;
  readonly tags: readonly string[];
}

const OPTIONS = ['tags', 'stale', 'lease', 'wait', 'jitter'];

/** `where` is the function that was called. */
export function rememberSettings(
  where: string,
  key: unknown,
  ttl: number | string,
  make: unknown,
  options: RememberOptions,
): RememberSettings {
  if (typeof key !== 'string' || key === '') throw new ConfigurationError(where, 'key to be a text', key);
  checkFunction(where, 'make', make);
  checkOptions(where, options, OPTIONS);
  const { tags = [], stale = 0, lease = '10s', wait = '3s', jitter = 0.1 } = options;
  checkTags(where, tags);
  checkNumber(where, 'jitter', 'from 0 to 1', jitter, jitter >= 0 && jitter <= 1);
  return {
    ttl: parseMilliseconds(where, 'ttl', ttl, 1),
    stale: parseMilliseconds(where, 'stale', stale),
    lease: parseMilliseconds(where, 'lease', lease, 1),
    wait: parseMilliseconds(where, 'wait', wait),
    jitter,
    tags,
  };
}
