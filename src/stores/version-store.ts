/**
 * A version store: what tells the versions of resources apart where the data itself has no version column. A write is two steps, `begin` and
 * `commit`, with a random token, so that no tag is given out, and no other write begins, while a write may be landing.
 */

export interface VersionStore {
  /** Milliseconds after which a write that was begun is taken for landed or lost: its version is burnt, and `commit` answers `lost`. */
  readonly lease: number;
  /** Writes nothing for the resource. `none`: a write is pending, or the store has lost its memory less than a lease ago. */
  read(key: string): Promise<VersionRead>;
  /**
   * Asks for the right to write. `expected` are versions of which one has to be the current one; without it any will do. The same token again gets
   * the same answer, so a request whose answer was lost can be repeated.
   */
  begin(key: string, token: string, expected?: readonly string[]): Promise<Begun>;
  /** The write is durable: the resource has a new version. */
  commit(key: string, token: string): Promise<Committed>;
  /** Gives the right back: `unchanged` keeps the version, `unknown` burns it, for the write may have landed. */
  abort(key: string, token: string, outcome: 'unchanged' | 'unknown'): Promise<void>;
  /** A new version at once, for a change that no `begin` announced. A pending write stays pending. */
  bump(key: string): Promise<void>;
}

export type VersionRead = { readonly kind: 'version'; readonly version: string } | { readonly kind: 'none' };

export type Begun =
  | { readonly kind: 'begun'; readonly version: string }
  /** The current version is another one. */
  | { readonly kind: 'mismatch'; readonly version: string }
  /** Another write is pending. */
  | { readonly kind: 'busy' }
  /** Writes begun before the store lost its memory may still be landing; `rest` is in milliseconds. */
  | { readonly kind: 'quarantine'; readonly rest: number };

export type Committed =
  | { readonly kind: 'committed'; readonly version: string }
  /** The lease ran out, or the store has lost its memory: another write may have been let in. */
  | { readonly kind: 'lost' };
