/** What is said of events and of misuse. A misuse has a section on the page, made of docs/errors.md. */

/** @type {Readonly<Record<string, readonly [title: string, text: string]>>} */
export const EVENTS = {
  'guard:lease-lost': [
    'A write outlived its lease',
    'It may have been carried out beside another one, and its client was told 500. Make the lease longer than the slowest write.',
  ],
  'guard:burnt-failed': [
    'A version was given up after a failed write',
    'Nobody can say whether the write has landed: clients have to read again.',
  ],
  'guard:burnt-conflict': [
    'A version was given up after conflict()',
    'The database knew of a newer one: something writes past the counter.',
  ],
  'resolver:failed': ['A current function failed', 'Reads went on without a validator, writes were answered 503.'],
  'store:failed': ['A store did not answer', 'Reads went on without it; writes that need it were answered 503.'],
  'responses:dropped-size': [
    'Responses too large to be stored',
    'They are made anew each time: raise maxEntryBytes, or leave them out.',
  ],
  'responses:dropped-backlog': [
    'Responses not stored: too many writes under way',
    'The store is slower than the handlers.',
  ],
  'responses:dropped-store': ['Responses not stored: the store did not answer', 'They were sent all the same.'],
  'responses:unreadable': [
    'Stored responses that cannot be read',
    'They count as misses: another version of the package, or another writer, uses the same keys.',
  ],
};

/** @type {Readonly<Record<string, string>>} */
export const MISUSES = {
  ERR_UNSTALE_UNFENCED_WRITE: 'A guarded write without applied() or conflict()',
  ERR_UNSTALE_WEAK_GUARD: 'A guard was given a weak tag',
  ERR_UNSTALE_TWO_TAGS: 'Two producers of ETag on one response',
  ERR_UNSTALE_ENCODED_BODY: 'etag() was given a compressed body',
  ERR_UNSTALE_POLICY: 'cacheControl() was given a policy that cannot be used',
  ERR_UNSTALE_UNKEYED_FIELD: 'A cached handler asked for a field that is not in the key',
  ERR_UNSTALE_REDIS_OPTIONS: 'A Redis client under which requests may hang',
  ERR_UNSTALE_REDIS_EVICTION: 'A Redis server that may throw versions away',
};
