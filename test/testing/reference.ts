/** A conditional API by hand, on plain `node:http`, with one document at `/x`: right in all that the checks look at, and a place to put one flaw. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { evaluatePreconditions, parseEntityTag, type Decision } from '../../src/index.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly content: Buffer;
}

export interface Reply {
  status: number;
  /** As they are sent; `Date: ''` keeps Node from adding one. */
  readonly headers: Record<string, string>;
  content: Buffer;
}

export interface State {
  version: number;
  text: string | null;
}

/** What a server does wrong, as an addition to one that does it right. */
export interface Flaw {
  /** Changes what the server takes from the request. */
  asked?(asked: Asked, state: State): void;
  /** Changes what it answers. */
  answered?(reply: Reply, asked: Asked, state: State): void;
  /** Compares the version before the write, and not in it. */
  readonly unfenced?: boolean;
  /** Writes what it sends by itself. */
  send?(reply: Reply, asked: Asked, res: ServerResponse): void;
}

const MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';
const PROBLEM = 'application/problem+json';

/** The server, and what a test needs to look behind it. */
export interface Reference {
  readonly listener: RequestListener;
  readonly state: State;
  /** There is a document. */
  readonly prepare: () => void;
}

export function reference(flaw: Flaw = {}): Reference {
  const state: State = { version: 1, text: 'Liberté' };
  const listener: RequestListener = (req, res) => {
    void answer(req, state, flaw).then(({ asked, reply }) => (flaw.send ?? send)(reply, asked, res));
  };
  const prepare = (): void => {
    state.text ??= 'Égalité';
  };
  return { listener, state, prepare };
}

export function serverOf(flaw?: Flaw): ReturnType<typeof createServer> {
  return createServer(reference(flaw).listener);
}

async function answer(req: IncomingMessage, state: State, flaw: Flaw): Promise<{ asked: Asked; reply: Reply }> {
  const fields = Object.entries(req.headers).map(([name, value]) => [name, String(value)] as const);
  const asked: Asked = {
    method: String(req.method),
    path: String(req.url),
    headers: Object.fromEntries(fields),
    content: Buffer.concat((await req.toArray()) as Buffer[]),
  };
  const seen = { ...asked, headers: { ...asked.headers } };
  flaw.asked?.(seen, state);
  const reply = await replyTo(seen, state, flaw.unfenced === true);
  flaw.answered?.(reply, asked, state);
  return { asked, reply };
}

async function replyTo(asked: Asked, state: State, unfenced: boolean): Promise<Reply> {
  if (asked.path !== '/x' || state.text === null) return problem(404, 'Not Found');
  return asked.method === 'GET' || asked.method === 'HEAD' ? read(asked, state) : write(asked, state, unfenced);
}

function read(asked: Asked, state: State): Reply {
  const gzip = asked.headers['accept-encoding'] === 'gzip';
  const tag = gzip ? `"v${state.version}--gzip"` : `"v${state.version}"`;
  const headers: Record<string, string> = {
    ETag: tag,
    'Last-Modified': MODIFIED,
    'Cache-Control': 'private, no-cache',
    Vary: 'Accept-Encoding, Origin',
    'Content-Location': '/x.json',
    Expires: MODIFIED,
    ...(asked.headers['origin'] !== undefined && { 'Access-Control-Allow-Origin': asked.headers['origin'] }),
  };
  const decision = decide(asked, tag);
  if (decision === 'not-modified') return { status: 304, headers, content: Buffer.alloc(0) };
  if (decision === 'precondition-failed') return problem(412, 'Precondition Failed');
  const identity = Buffer.from(JSON.stringify({ text: state.text }));
  const content = gzip ? gzipSync(identity) : identity;
  headers['Content-Type'] = 'application/json';
  if (gzip) headers['Content-Encoding'] = 'gzip';
  if (asked.headers['range'] === undefined || decision === 'ignore-range') return { status: 200, headers, content };
  if (!asked.headers['range'].startsWith('bytes=0-')) {
    headers['Content-Range'] = `bytes */${content.length}`;
    return { status: 416, headers, content: Buffer.alloc(0) };
  }
  headers['Content-Range'] = `bytes 0-0/${content.length}`;
  return { status: 206, headers, content: content.subarray(0, 1) };
}

async function write(asked: Asked, state: State, unfenced: boolean): Promise<Reply> {
  const expected = state.version;
  const decision = decide(asked, `"v${expected}"`);
  if (decision === 'precondition-failed') return problem(412, 'Precondition Failed');
  if (asked.headers['if-match'] === undefined) return problem(428, 'Precondition Required');
  const text = asked.method === 'DELETE' ? null : textIn(asked);
  if (text === undefined) return problem(400, 'Bad Request');
  await new Promise((resolve) => setTimeout(resolve, 2)); // on its way to the database
  if (!unfenced && state.version !== expected) return problem(412, 'Precondition Failed');
  state.version++;
  state.text = text;
  if (text === null) return { status: 204, headers: {}, content: Buffer.alloc(0) };
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (asked.method !== 'PUT') headers['ETag'] = `"v${state.version}"`;
  return { status: 200, headers, content: Buffer.from('{"saved":true}') };
}

function textIn({ content }: Asked): string | undefined {
  try {
    return (JSON.parse(content.toString()) as { text: string }).text;
  } catch {
    return undefined;
  }
}

function decide({ method, headers }: Asked, tag: string): Decision['kind'] {
  const entityTag = parseEntityTag(tag);
  const current = { ...(entityTag && { entityTag }), lastModified: Date.parse(MODIFIED) };
  return evaluatePreconditions({ method, headers, current }).kind;
}

export function problem(status: number, title: string): Reply {
  const content = Buffer.from(JSON.stringify({ type: 'about:blank', title, status }));
  return { status, headers: { 'Content-Type': PROBLEM, 'Cache-Control': 'no-store' }, content };
}

function send({ status, headers, content }: Reply, { method }: Asked, res: ServerResponse): void {
  if (headers['Date'] === '') {
    res.sendDate = false;
    delete headers['Date'];
  }
  if (status !== 304 && status !== 204) headers['Content-Length'] ??= String(content.length);
  res.writeHead(status, headers).end(method === 'HEAD' ? undefined : content);
}
