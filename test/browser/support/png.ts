/** A PNG written again without loss, for pages: few colours and much that repeats, which a browser in a hurry does not make use of. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = 8;

/** The same pixels in fewer bytes. Reads what Chromium writes: 8 bits a channel, RGB or RGBA, not interlaced. */
export function repacked(png: Buffer): Buffer {
  const chunks = chunksOf(png);
  const head = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(0);
  const [width, height, channels] = [head.readUInt32BE(0), head.readUInt32BE(4), { 2: 3, 6: 4 }[head[9] ?? 0]];
  if (head[8] !== 8 || channels === undefined || head[12] !== 0) throw new Error('Not a PNG as Chromium writes it');
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
  const packed = deflateSync(unfiltered(inflateSync(data), width * channels, height, channels), {
    level: 9,
    memLevel: 9,
  });
  return Buffer.concat([png.subarray(0, SIGNATURE), written('IHDR', head), written('IDAT', packed), written('IEND')]);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function written(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const made = Buffer.alloc(data.length + 12);
  made.writeUInt32BE(data.length, 0);
  made.write(type, 4, 'latin1');
  data.copy(made, 8);
  made.writeUInt32BE(crc32(made.subarray(4, data.length + 8)), data.length + 8);
  return made;
}

/** Each line begins with its filter (PNG §9), which is 0 for none. */
function unfiltered(lines: Buffer, stride: number, height: number, step: number): Buffer {
  const plain = Buffer.alloc(lines.length);
  for (let line = 0; line < height; line++) {
    const start = line * (stride + 1);
    for (let at = start + 1; at <= start + stride; at++) {
      const left = at - start > step ? (plain[at - step] ?? 0) : 0;
      const up = line > 0 ? (plain[at - stride - 1] ?? 0) : 0;
      const corner = line > 0 && at - start > step ? (plain[at - stride - 1 - step] ?? 0) : 0;
      plain[at] = (lines[at] ?? 0) + predicted(lines[start] ?? 0, left, up, corner);
    }
  }
  return plain;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
