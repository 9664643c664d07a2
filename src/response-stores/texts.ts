/** Numbers and texts as bytes, each with its length in front; what is read is checked, for it may be anything. */

export interface Writer {
  number(value: number): void;
  double(value: number): void;
  text(value: string): void;
  bytes(value: Uint8Array): void;
  /** All that was written, behind so many bytes that are left free. */
  finish(free: number): Buffer;
}

/** Every method answers `undefined` where the bytes do not go on as they should. */
export interface Reader {
  number(): number | undefined;
  double(): number | undefined;
  text(): string | undefined;
  bytes(): Buffer | undefined;
  /** How many bytes are left. */
  left(): number;
}

export function writer(): Writer {
  const parts: Uint8Array[] = [];
  let length = 0;

  function add(part: Uint8Array): void {
    parts.push(part);
    length += part.byteLength;
  }

  /** Seven bits a byte, the low ones first; the highest bit says that more follow (LEB128). */
  function number(value: number): void {
    const digits: number[] = [];
    for (; value > 0x7f; value = Math.floor(value / 0x80)) digits.push((value % 0x80) | 0x80);
    add(Uint8Array.of(...digits, value));
  }

  return {
    number,
    double(value) {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value);
      add(bytes);
    },
    text(value) {
      const wide = !isLatin1(value); // UTF-16 then, which keeps lone surrogates apart
      const bytes = Buffer.from(value, wide ? 'utf16le' : 'latin1');
      number(bytes.byteLength * 2 + (wide ? 1 : 0));
      add(bytes);
    },
    bytes(value) {
      number(value.byteLength);
      add(value);
    },
    finish: (free) => Buffer.concat([Buffer.alloc(free), ...parts], free + length),
  };
}

/** Whether a byte is enough for each of its characters. */
export function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

/** More digits would be more than a safe integer. */
const MOST_DIGITS = 7;

export function reader(source: Buffer): Reader {
  let at = 0;

  function take(length: number | undefined): Buffer | undefined {
    if (length === undefined || length > source.byteLength - at) return undefined;
    at += length;
    return source.subarray(at - length, at);
  }

  function number(): number | undefined {
    let value = 0;
    for (let place = 0; place < MOST_DIGITS; place++) {
      const digit = source[at++];
      if (digit === undefined) return undefined;
      value += (digit & 0x7f) * 0x80 ** place;
      if (digit < 0x80) return value;
    }
    return undefined;
  }

  return {
    number,
    double: () => take(8)?.readDoubleBE(),
    text() {
      const size = number();
      if (size === undefined) return undefined;
      return take(Math.floor(size / 2))?.toString(size % 2 === 1 ? 'utf16le' : 'latin1');
    },
    bytes: () => take(number()),
    left: () => source.byteLength - at,
  };
}
