/**
 * The load: connections that are kept alive, each with one request under way. It parses the first answer of a connection and counts octets from then
 * on, for all answers of one target have equally long contents: a client that parses them all needs more processor time than the fastest servers here, and the
 * throughput would be its own.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Target } from './target.ts';

export type Load = Pick<Target, 'method' | 'status' | 'fields' | 'precondition'> & {
  readonly port: number;
  readonly content: string;
  readonly connections: number;
};

/** What the client tells when it was stopped. */
export interface Answers {
  readonly answers: number;
  /** What an answer was that should have been another one. */
  readonly wrong: string | undefined;
}

/** How long an answer may take after the load was stopped. */
const LAST_ANSWER = 5000;

let sockets: Socket[] = [];
let answers = 0;
let wrong: string | undefined;
let stopping = false;

process.on('message', (message: Load | 'stop') => {
  if (message === 'stop') return void drain();
  answers = 0;
  wrong = undefined;
  stopping = false;
  sockets = Array.from({ length: message.connections }, (_, i) => open(message, i));
  stayAwake();
});
process.on('disconnect', () => process.exit());

/** To wake a client that sleeps is work of the server's core: it would count against what answers too slowly to keep the client busy. */
function stayAwake(): void {
  if (!stopping) setImmediate(stayAwake);
}

/** Every request is answered before the connections end: a write that is cut off would burn the tag that the next round begins with. */
async function drain(): Promise<void> {
  stopping = true;
  const closing = sockets.filter(({ closed }) => !closed).map(async (socket) => once(socket, 'close'));
  const late = setTimeout(() => {
    wrong ??= 'no answer, or one that is shorter than the first';
    for (const socket of sockets) socket.destroy();
  }, LAST_ANSWER);
  await Promise.all(closing);
  clearTimeout(late);
  const told: Answers = { answers, wrong };
  process.send?.(told);
}

function open(load: Load, index: number): Socket {
  const chained = load.precondition === 'chained';
  const path = chained ? `/articles/${index + 1}` : '/articles/1';
  let request = requestOf(load, path);
  const first: Buffer[] = [];
  let length = 0;
  /** Of the answers, without their heads: an Age takes another digit now and then. */
  let contentLength = 0;
  let received = 0;

  function learn(piece: Buffer): void {
    first.push(Buffer.from(piece));
    const whole = Buffer.concat(first);
    length = lengthOf(whole);
    if (length === 0) return;
    contentLength = length - headOf(whole);
    received = 0;
    finish(whole);
  }

  function finish(head: Buffer): void {
    if (head.toString('latin1', 9, 12) !== String(load.status)) wrong ??= head.toString('latin1', 0, 600);
    answers++;
    if (stopping) return void socket.destroy();
    const tag = chained ? tagOf(head) : undefined;
    if (tag === '') wrong ??= 'an answer without a tag, and the next request needs one';
    if (chained) request = requestOf(load, path, tag);
    socket.write(request);
  }

  /** The piece that an answer begins with has its status and its tag, for no head is longer than a piece. */
  let head: Buffer | undefined;
  function onData(size: number, buffer: Uint8Array): boolean {
    const piece = Buffer.from(buffer.buffer, buffer.byteOffset, size);
    if (length === 0) {
      learn(piece);
      return true;
    }
    if (received === 0) {
      head = piece;
      length = headOf(piece) + contentLength;
    }
    if (received === 0 && size < length) head = Buffer.from(piece.subarray(0, 1024)); // the memory of `piece` is used again
    received += size;
    if (received > length) wrong ??= `an answer is longer than ${length} octets, and the first was not`;
    if (received < length || !head) return true;
    received = 0;
    finish(head);
    return true;
  }

  const socket = connect({
    host: '127.0.0.1',
    port: load.port,
    noDelay: true,
    onread: { buffer: Buffer.allocUnsafe(256 * 1024), callback: onData },
  });
  socket.on('error', (error) => {
    wrong ??= error.message;
  });
  socket.on('close', () => {
    if (!stopping) wrong ??= 'the server closed a connection';
  });
  if (chained) void firstTag(load.port, path).then((tag) => socket.write((request = requestOf(load, path, tag))));
  else socket.write(request);
  return socket;
}

function requestOf({ method, fields, content }: Load, path: string, tag?: string): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  if (tag !== undefined) lines.push(`If-Match: ${tag}\r\n`);
  const body = method === 'PUT' ? content : '';
  return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join('')}\r\n${body}`;
}

async function firstTag(port: number, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  await response.arrayBuffer();
  return response.headers.get('etag') ?? '';
}

/** Of the letter cases that a name may have, those that frameworks write. */
function tagOf(head: Buffer): string {
  const at = Math.max(head.indexOf('\r\nETag: '), head.indexOf('\r\netag: '));
  return at < 0 ? '' : head.toString('latin1', at + 8, head.indexOf('\r\n', at + 8));
}

/** The octets of a head, with the empty line behind it. */
function headOf(answer: Buffer): number {
  return answer.indexOf('\r\n\r\n') + 4;
}

/** The octets of an answer, 0 while they cannot be known. */
function lengthOf(answer: Buffer): number {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const head = answer.toString('latin1', 0, end).toLowerCase();
  if (head.includes('\r\ntransfer-encoding: chunked')) {
    const last = answer.indexOf('\r\n0\r\n\r\n', end);
    return last < 0 ? 0 : last + 7;
  }
  const bodiless = / (304|204) /.test(head.slice(0, 20));
  const announced = bodiless ? 0 : Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1] ?? 0);
  const length = end + 4 + announced;
  return answer.length < length ? 0 : length;
}
