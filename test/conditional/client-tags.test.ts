/** In which form a 304 names the representation: the one that its client has stored (RFC 9110 §15.4.5). */
import { expect, test } from '@jest/globals';
import { clientForm } from '../../src/conditional/client-tags.ts';
import { formatEntityTag, type EntityTag } from '../../src/http/entity-tag.ts';
import { digest } from '../../src/index.ts';

const HASH = digest('content').entityTag.opaque;
const STRONG: EntityTag = { opaque: HASH, weak: false };
const WEAK: EntityTag = { opaque: HASH, weak: true };
const VERSION: EntityTag = { opaque: '7', weak: false };

test.each<[string, EntityTag, string, string | undefined]>([
  ['the tag as it is', VERSION, '"7"', undefined],
  ['a list with the tag as it is', VERSION, '"6", "7"', undefined],
  ['a digest that a compressor has made weak', STRONG, `W/"${HASH}"`, `W/"${HASH}"`],
  ['a digest in both forms', STRONG, `W/"${HASH}", "${HASH}"`, undefined],
  ['a weak digest in its strong form', WEAK, `"${HASH}"`, undefined],
  ['a version in its weak form', VERSION, 'W/"7"', undefined],
  ['the tag with a coding', VERSION, '"6", "7--gzip"', '"7--gzip"'],
  ['the tag with a coding and as it is', VERSION, '"7--gzip", "7"', undefined],
  ['another tag', VERSION, '"8"', undefined],
])('%s', (_name, current, ifNoneMatch, form) => {
  const exchange = { header: () => ifNoneMatch };
  const found = clientForm(exchange, current);
  expect(found && formatEntityTag(found)).toBe(form);
});
