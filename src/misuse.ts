/** Misuse that only a request can show: each kind has a code, a place in the docs, and is said once, outside production. */
import { shared } from './state.ts';

const KINDS = {
  ERR_UNSTALE_UNFENCED_WRITE:
    'a guarded write succeeded without applied() or conflict(): nothing shows that the expected version reached the database',
  ERR_UNSTALE_WEAK_GUARD:
    'a guard was given a weak tag, which never matches If-Match: every conditional write will be 412',
  ERR_UNSTALE_TWO_TAGS:
    'a handler or another middleware replaced the ETag that conditional() had set: one of the two producers has to go',
  ERR_UNSTALE_ENCODED_BODY: 'etag() was given a body that is already compressed: mount the compression before etag()',
  ERR_UNSTALE_POLICY:
    'a cacheControl() function gave a policy that cannot be used; the response went out with no-store',
  ERR_UNSTALE_UNKEYED_FIELD:
    'the handler of a cached route asked for a request field that is not in the key, and was shown none: name it in varyOn, or read it outside of the cache',
  ERR_UNSTALE_REDIS_OPTIONS:
    'the Redis client has options under which a request may hang, or a command be carried out twice: make it with redisOptions()',
  ERR_UNSTALE_REDIS_EVICTION:
    'the Redis server throws keys away when its memory is full, versions among them: set maxmemory-policy noeviction',
} as const;

export type Misuse = keyof typeof KINDS;

const warned = shared('warned', () => new WeakMap<object, Set<Misuse>>());

/** How often each kind was seen in this process, and when last. */
export const misuses: Map<Misuse, { count: number; at: number }> = shared('misuses', () => new Map());

/** Whether anything is said here. */
export function warns(): boolean {
  return process.env['NODE_ENV'] !== 'production';
}

/** Counts it, and warns through `process.emitWarning`, once for each `subject` (the layer that saw it). */
export function warnOnce(code: Misuse, subject: object, where: string, cause?: unknown): void {
  misuses.set(code, { count: (misuses.get(code)?.count ?? 0) + 1, at: Date.now() });
  if (!warns()) return;
  const codes = warned.get(subject) ?? new Set();
  warned.set(subject, codes);
  if (codes.has(code)) return;
  codes.add(code);
  process.emitWarning(
    `${where}: ${KINDS[code]} (docs/errors.md#${code.toLowerCase()})${cause instanceof Error ? `: ${cause.message}` : ''}`,
    {
      type: 'UnstaleWarning',
      code,
    },
  );
}
