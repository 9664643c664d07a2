/** What Memcached keeps under a key: all variants in one item, each with the generations that it is of, behind a checksum. */
import { crc32 } from 'node:zlib';
import { reader, writer } from './texts.ts';

export interface Variant {
  readonly id: string;
  /** Of everything and of the key, when its fill began. */
  readonly generations: string;
  /** In milliseconds since 1970. */
  readonly until: number;
  readonly bytes: Uint8Array;
}

const SEAL = 4;

export function encodeVariants(variants: readonly Variant[]): Buffer {
  const output = writer();
  output.number(variants.length);
  for (const { id, generations, until, bytes } of variants) {
    output.text(id);
    output.text(generations);
    output.double(until);
    output.bytes(bytes);
  }
  const item = output.finish(SEAL);
  item.writeUInt32BE(crc32(item.subarray(SEAL)));
  return item;
}

export function decodeVariants(given: Uint8Array): readonly Variant[] | undefined {
  const item = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (item.byteLength < SEAL || item.readUInt32BE() !== crc32(item.subarray(SEAL))) return undefined;
  const input = reader(item.subarray(SEAL));
  const length = input.number() ?? 0;
  const variants: Variant[] = [];
  for (let i = 0; i < length; i++) {
    const [id, generations, until, bytes] = [input.text(), input.text(), input.double(), input.bytes()];
    if (id === undefined || generations === undefined || until === undefined || !bytes) return undefined;
    variants.push({ id, generations, until, bytes });
  }
  return input.left() === 0 ? variants : undefined;
}
