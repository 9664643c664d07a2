/** Arbitrary data of an application: what columns, keys and users may hold. */
import * as fc from 'fast-check';
import { version } from '../../src/validators/version.ts';
import { stamp } from '../../src/validators/stamp.ts';
import type { Part } from '../../src/validators/opaque.ts';
import type { Validators } from '../../src/validators/validators.ts';
import { anyString, madeOf } from '../http/field-values.ts';

/** Any string, and often one that could leave its quotes, look like two, or look like a tag that this package makes. */
export const anyVersion: fc.Arbitrary<string> = fc.oneof(
  anyString,
  madeOf('"', ',', ' ', '\r\n', '*', 'W/', '\\', '\0'),
  madeOf('a', '1', '@', '~', '-', '--', 'gzip', ':', '=', '/'),
  madeOf('\ud800', '\udc00', '\ufffd', '\xe9', 'e\u0301', '\u0416', '\u6f22'),
  anyString.map((text) => `${text}--gzip`),
);

/** Two strings that differ, and often by little. */
export const twoVersions: fc.Arbitrary<readonly [string, string]> = fc
  .oneof(
    fc.tuple(anyVersion, anyVersion),
    fc.tuple(anyVersion, fc.constantFrom('', ' ', '@', '~', '\0', '\ud800', '--gzip', '=')).map(([a, b]) => [a, a + b]),
    fc.tuple(anyVersion, fc.constantFrom('\ud800', '\udbff', '\ufffd')).map(([a, b]) => [`${a}\ud801`, a + b]),
  )
  .map(([a = '', b = '']) => [a, b] as const)
  .filter(([a, b]) => a !== b);

export const anyDate: fc.Arbitrary<Date> = fc.date({ noInvalidDate: true });

/** Times that have an HTTP-date. */
export const datedTime: fc.Arbitrary<Date> = fc.date({
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});

/** A value that names a state and is no validator. */
export const anyPart: fc.Arbitrary<Part> = fc.oneof(
  anyVersion,
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
  fc.bigInt(),
  fc.boolean(),
  anyDate,
  fc.constantFrom(null, undefined, '', 'null', 'undefined', 'true', '1', 1, 1n),
);

/** A validator as the functions of this package make it. */
export const anyValidators: fc.Arbitrary<Validators> = fc.oneof(
  fc.tuple(anyVersion, fc.boolean()).map(([value, weak]) => version(value, { weak })),
  fc.tuple(anyVersion, datedTime, fc.boolean()).map(([id, time, precise]) => stamp(id, time, { precise })),
);
