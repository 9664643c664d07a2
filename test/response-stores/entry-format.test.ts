/** Responses as bytes: back to the letter, and nothing at all of bytes that are not exactly what was written. */
import * as fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { entryFormat } from '../../src/response-stores/entry-format.ts';
import type { StoredResponse } from '../../src/response-stores/stored-response.ts';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)), // lone surrogates
  fc.constantFrom('', '__proto__', 'x'.repeat(300)),
);
const absent: fc.Arbitrary<string | null> = fc.constant(null);
const responses: fc.Arbitrary<StoredResponse> = fc.record({
  status: fc.integer({ min: 100, max: 999 }),
  fields: fc.array(fc.tuple(text, text)),
  body: fc.uint8Array({ maxLength: 300 }),
  requestTime: fc.double({ noNaN: true, noDefaultInfinity: true }),
  responseTime: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  varying: fc.array(fc.tuple(text, fc.oneof(absent, text))),
  tags: fc.array(text),
});
const plain = ({ body, ...rest }: StoredResponse): unknown => ({ ...rest, body: [...body] });

const RUNS = { numRuns: 2000 };

describe.each([
  ['with a checksum', entryFormat()],
  ['with a secret', entryFormat('secret')],
])('%s', (_name, format) => {
  test('a response comes back to the letter', () => {
    fc.assert(
      fc.property(text, responses, (key, response) => {
        const decoded = format.decode(key, format.encode(key, response));
        expect(decoded && plain(decoded)).toStrictEqual(plain(response));
      }),
      RUNS,
    );
  });

  test('bytes in the middle of others are read as well as those that stand alone', () => {
    fc.assert(
      fc.property(responses, fc.nat({ max: 20 }), (response, offset) => {
        const bytes = format.encode('key', response);
        const room = new Uint8Array(bytes.byteLength + offset + 7).fill(0xaa);
        room.set(bytes, offset);
        const decoded = format.decode('key', room.subarray(offset, offset + bytes.byteLength));
        expect(decoded && plain(decoded)).toStrictEqual(plain(response));
      }),
    );
  });

  test('cut at any place it is no response', () => {
    fc.assert(
      fc.property(responses, (response) => {
        const bytes = format.encode('key', response);
        const read = Array.from(bytes, (_, end) => format.decode('key', bytes.subarray(0, end)));
        expect(read.filter((decoded) => decoded !== undefined)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('with bytes behind its end it is no response', () => {
    fc.assert(
      fc.property(responses, fc.uint8Array({ minLength: 1, maxLength: 20 }), (response, more) => {
        expect(format.decode('key', Buffer.concat([format.encode('key', response), more]))).toBe(undefined);
      }),
      RUNS,
    );
  });

  test('with any one bit flipped it is no response', () => {
    fc.assert(
      fc.property(responses, (response) => {
        const bytes = format.encode('key', response);
        const read: unknown[] = [];
        for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
          const at = bit >> 3;
          const right = bytes.readUInt8(at);
          bytes[at] = right ^ (1 << (bit & 7));
          read.push(format.decode('key', bytes));
          bytes[at] = right;
        }
        expect(read.filter((decoded) => decoded !== undefined)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('with any bytes exchanged for others it is no response', () => {
    const patch = fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 })); // a checksum sees every burst of its length
    fc.assert(
      fc.property(responses, patch, (response, [place, others]) => {
        const bytes = format.encode('key', response);
        const patched = Buffer.from(bytes);
        patched.set(others.subarray(0, bytes.byteLength), place % Math.max(1, bytes.byteLength - others.byteLength));
        fc.pre(!patched.equals(bytes));
        expect(format.decode('key', patched)).toBe(undefined);
      }),
      RUNS,
    );
  });

  test('under another key it is no response', () => {
    fc.assert(
      fc.property(text, text, responses, (key, other, response) => {
        fc.pre(key !== other);
        expect(format.decode(other, format.encode(key, response))).toBe(undefined);
      }),
      RUNS,
    );
  });

  test('random bytes are no response, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(format.decode('key', bytes)).toBe(undefined);
      }),
      { numRuns: 20_000 },
    );
  });
});

test('bytes with a right checksum that make no sense are no response, and nothing is thrown', () => {
  const format = entryFormat();
  fc.assert(
    fc.property(
      responses,
      fc.nat(),
      fc.uint8Array({ maxLength: 12 }),
      fc.nat({ max: 12 }),
      (response, place, others, cut) => {
        const bytes = format.encode('key', response);
        const from = 38; // behind version, checksum and digest
        const at = from + (place % Math.max(1, bytes.byteLength - from));
        const content = Buffer.concat([bytes.subarray(5, at), others, bytes.subarray(at + cut)]);
        const sealed = sealedAgain(content);
        const decoded = format.decode('key', sealed);
        if (decoded === undefined) return;
        expect(decoded.status).toBeGreaterThanOrEqual(100);
        expect(Number.isFinite(decoded.requestTime) && Number.isFinite(decoded.responseTime)).toBe(true);
        const again = format.decode('key', format.encode('key', decoded));
        expect(again && plain(again)).toStrictEqual(plain(decoded)); // as good as one that was written
      },
    ),
    { numRuns: 20_000 },
  );
});

/** As somebody could who knows the format. */
function sealedAgain(content: Buffer): Buffer {
  const sum = Buffer.alloc(5);
  sum[0] = 1;
  sum.writeUInt32BE(crc32(content), 1);
  return Buffer.concat([sum, content]);
}

test('what one secret sealed another does not open, nor does none', () => {
  const response: StoredResponse = {
    status: 200,
    fields: [],
    body: Buffer.from('x'),
    requestTime: 1,
    responseTime: 2,
    varying: [],
    tags: [],
  };
  const formats = [entryFormat('one'), entryFormat('two'), entryFormat()];
  for (const writing of formats) {
    for (const reading of formats) {
      const decoded = reading.decode('key', writing.encode('key', response));
      expect(decoded === undefined).toBe(reading !== writing);
    }
  }
});

test('it is compact: 44 bytes, the numbers, the texts with a byte or two each', () => {
  const bytes = entryFormat().encode('key', {
    status: 200,
    fields: [['content-type', 'text/plain']],
    body: Buffer.alloc(1000),
    requestTime: Date.now(),
    responseTime: Date.now(),
    varying: [],
    tags: ['product:42'],
  });
  expect(bytes.byteLength).toBeLessThan(1000 + 12 + 10 + 10 + 70);
});
