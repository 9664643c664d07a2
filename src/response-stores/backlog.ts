/** Writes under way, bounded in number and bytes: what would be too much is dropped, for a slow store must not fill the memory. */

/** Carries out a write of so many bytes, or gives nothing. */
export type Backlog = <T>(size: number, write: () => Promise<T>) => Promise<T> | undefined;

export function backlog(maxWrites: number, maxBytes: number): Backlog {
  let writes = 0;
  let bytes = 0;

  async function counted<T>(size: number, write: () => Promise<T>): Promise<T> {
    writes++;
    bytes += size;
    try {
      return await write();
    } finally {
      writes--;
      bytes -= size;
    }
  }

  return (size, write) => (writes >= maxWrites || bytes + size > maxBytes ? undefined : counted(size, write));
}
