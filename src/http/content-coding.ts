/**
 * Entity tags and content codings. One strong tag never names two byte streams (RFC 9110 §8.8.1, §8.8.3.3): on an encoded body a version's tag
 * carries the coding as a suffix, `"v7--gzip"`, and the digest of the bytes before encoding becomes weak.
 */
import { isContentDigest } from './content-digest.ts';
import type { EntityTag } from './entity-tag.ts';
import { trimmed } from './white-space.ts';

const CODINGS = ['gzip', 'br', 'deflate', 'zstd', 'compress'] as const;
const SEPARATOR = '--';

/** The tag of a representation encoded with `coding` (a Content-Encoding field value). */
export function codedTag(tag: EntityTag, coding: string): EntityTag {
  const name = trimmed(coding).toLowerCase();
  if (tag.weak || name === '' || name === 'identity') return tag;
  if (isContentDigest(tag) || !isCoding(name)) return { opaque: tag.opaque, weak: true };
  return plainTag(tag).coding ? tag : { opaque: tag.opaque + SEPARATOR + name, weak: false };
}

/** A tag without the suffix that `codedTag` gave it, and the coding that the suffix named. */
export function plainTag(tag: EntityTag): { readonly tag: EntityTag; readonly coding?: string } {
  const at = tag.opaque.lastIndexOf(SEPARATOR);
  const coding = tag.opaque.slice(at + SEPARATOR.length);
  return at >= 0 && isCoding(coding) ? { tag: { opaque: tag.opaque.slice(0, at), weak: tag.weak }, coding } : { tag };
}

/**
 * The tag that a strong tag was before an intermediary compressed the body: nginx, Varnish and CDNs prefix `W/`, Apache appends `-gzip`,
 * others `;gzip`. Comparing by it is a deviation from RFC 9110, so the application asks for it (`acceptMangled`).
 */
export function unmangledTag(tag: EntityTag): EntityTag {
  const { opaque } = plainTag(tag).tag;
  const at = Math.max(opaque.lastIndexOf('-'), opaque.lastIndexOf(';'));
  return { opaque: at > 0 && isCoding(opaque.slice(at + 1)) ? opaque.slice(0, at) : opaque, weak: false };
}

/** Whether a body in this coding may be given to the client that sent this Accept-Encoding (RFC 9110 §12.5.3). */
export function acceptsCoding(acceptEncoding: string | undefined, coding: string): boolean {
  let wildcard = false;
  for (const member of (acceptEncoding ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = member.split(';').map(trimmed);
    const acceptable = !parameters.some((parameter) => parameter.startsWith('q=') && Number(parameter.slice(2)) === 0);
    if (name === coding || name === `x-${coding}`) return acceptable;
    if (name === '*') wildcard = acceptable;
  }
  return wildcard;
}

function isCoding(text: string): boolean {
  return CODINGS.some((coding) => coding === text);
}
