/** The cases of the differential test that are made by combination. */
import { NOW, type Case } from './case.ts';
import { DISAGREEMENTS } from './disagreements.ts';
import { CACHE_CONTROLS, DATES, ETAGS, INSTANTS, LINES, LISTS, MODIFIED } from './field-values.ts';

const EARLIER = 'Wed, 01 Jan 2025 09:59:59 GMT';

/** Every combination of the values. */
export function grids(): Case[] {
  const lists = product({ ifNoneMatch: LISTS, etag: ETAGS, cacheControl: CACHE_CONTROLS.slice(0, 4) });
  const dates = product({
    ifModifiedSince: [...DATES, ...LINES],
    lastModified: [...DATES, ...INSTANTS, undefined],
    cacheControl: ['no-cache', undefined],
  });
  const both = product({
    ifNoneMatch: ['"v1"', '"v0"', 'junk', '', '*'],
    ifModifiedSince: [MODIFIED, EARLIER, '2099', 'never', LINES[0]],
    etag: ['"v1"', 'v1', undefined],
    lastModified: [MODIFIED, '2025-01-01', undefined],
    cacheControl: CACHE_CONTROLS,
  });
  const earlier = product({
    ifMatch: ['"v1"', 'W/"v1"', '"v0"', '*', '', 'junk', '"v0", "v1"', 'junk, "v0"', undefined],
    ifUnmodifiedSince: [MODIFIED, EARLIER, '2099', '2020', 'Wed Jan  1 09:59:59 2025', undefined],
    ifNoneMatch: ['"v1"', undefined],
    ifModifiedSince: [MODIFIED, undefined],
    etag: ['"v1"', 'W/"v1"', undefined],
    lastModified: [MODIFIED, NOW + 1, undefined],
  });
  const without = product({
    ifMatch: ['*', '"v1"', undefined],
    ifNoneMatch: LISTS,
    ifModifiedSince: [MODIFIED, undefined],
    representation: ['absent', 'unknown'],
  });
  return [...lists, ...dates, ...both, ...earlier, ...without, ...DISAGREEMENTS.map(({ example }) => example)];
}

type Values = { readonly [Field in keyof Case]: readonly Case[Field][] };

function product(values: Values): Case[] {
  return Object.entries(values).reduce<Case[]>(
    (cases, [field, choices]) => cases.flatMap((given) => choices.map((value) => ({ ...given, [field]: value }))),
    [{}],
  );
}
