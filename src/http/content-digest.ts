/**
 * The opaque text of a tag that is a digest of content: `<length in hex>-<base64>` for SHA-1, as the `etag` package and so Express write it,
 * and `<length in hex>-<algorithm>:<base64>` for any other. A tag that says how it was made can be told from a version later on.
 */
import type { EntityTag } from './entity-tag.ts';

/** SHA-1 is 27 characters of base64, and the shortest digest that is worth a tag 22. It is asked of tags of responses, not of requests. */
const DIGEST = /^[0-9a-f]+-(?:[A-Za-z0-9+/]{27}|[\w./-]+:[A-Za-z0-9+/]{22,})$/;

export function digestOpaque(length: number, algorithm: string, base64: string): string {
  return `${length.toString(16)}-${algorithm}:${base64.replaceAll('=', '')}`;
}

/** True for the digest of some content, ours or the framework's. No version tag reads like this by chance. */
export function isContentDigest(tag: EntityTag): boolean {
  return DIGEST.test(tag.opaque);
}
