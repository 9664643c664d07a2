/** Plays one conformance case against a contract server over a raw socket, and says what is wrong with the answer. */
import { connect } from 'node:net';
import type { ResourceState } from './contract.ts';

/** A row of test/tables/precondition-cases.json. */
export interface Case {
  readonly id: string;
  readonly level: string;
  readonly source: string;
  readonly method: string;
  readonly resource: ResourceState;
  readonly requestHeaders: readonly (readonly [name: string, value: string])[];
  /** How often the request is sent; the last answer counts. */
  readonly repeat?: number;
  readonly expect: Expectation;
}

interface Expectation {
  readonly status: number;
  readonly bodyPresent?: boolean;
  readonly body?: string;
  readonly headersPresent?: readonly string[];
  readonly headersAbsent?: readonly string[];
  readonly headersEqual?: Readonly<Record<string, string>>;
  readonly headersNotEqual?: Readonly<Record<string, string>>;
  readonly contentLength?: 'absent-or-26';
  readonly lastModifiedNotAfterDate?: boolean;
  readonly performed?: boolean | number | 'iff-2xx';
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** The octets after the head, as they came. */
  readonly content: string;
}

/** What is wrong; empty when the case passes, by its preferred answer. */
export async function play(base: string, row: Case): Promise<string[]> {
  await fetch(`${base}/__state`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(row.resource),
  });
  let answer = await request(base, row.method, row.requestHeaders);
  for (let i = 1; i < (row.repeat ?? 1); i++) answer = await request(base, row.method, row.requestHeaders);
  const { performed } = (await (await fetch(`${base}/__log`)).json()) as { performed: number };
  return complaints(row, answer, performed);
}

/** One request on a connection of its own. */
export function request(base: string, method: string, headers: Case['requestHeaders']): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(base);
  const body = method === 'PUT' || method === 'POST' || method === 'PATCH' ? 'new' : undefined;
  const lines = [
    `${method} /r HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  if (body !== undefined) lines.push('Content-Type: text/plain', `Content-Length: ${body.length}`);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    socket.setTimeout(8000, () => socket.destroy(new Error('no answer within 8 s')));
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => resolve(parse(Buffer.concat(chunks).toString('latin1'))));
    socket.end(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`, 'latin1'));
  });
}

function parse(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  return { status: Number(statusLine.split(' ')[1]), headers, content: text.slice(end + 4) };
}

const BODY = 'abcdefghijklmnopqrstuvwxyz';

function complaints({ method, expect }: Case, { status, headers, content }: RawAnswer, performed: number): string[] {
  const wrong: string[] = [];
  const check = (holds: boolean, text: string): void => {
    if (!holds) wrong.push(text);
  };
  const body = headers.get('transfer-encoding') === 'chunked' ? unchunk(content) : content;
  check(status === expect.status, `status ${status} in place of ${expect.status}`);
  if (method === 'HEAD' || status === 304 || status === 204)
    check(content === '', `${content.length} octets of content`);
  if (expect.bodyPresent === true) check(body !== '', 'no content');
  if (expect.body !== undefined) check(body === expect.body, `content ${body}`);
  if (method === 'GET' && status === 200) check(body === BODY, `content ${body}`);
  for (const name of expect.headersPresent ?? []) check(headers.has(name), `${name} missing`);
  for (const name of expect.headersAbsent ?? []) check(!headers.has(name), `${name}: ${headers.get(name)}`);
  for (const [name, value] of Object.entries(expect.headersEqual ?? {})) {
    const received = headers.get(name) ?? '';
    const among = name === 'vary' && received.toLowerCase().includes(value.toLowerCase());
    check(among || received === value, `${name}: ${received}`);
  }
  for (const [name, value] of Object.entries(expect.headersNotEqual ?? {}))
    check(headers.get(name) !== value, `${name} repeated`);
  if (expect.contentLength) check(['26', undefined].includes(headers.get('content-length')), 'wrong Content-Length');
  if (expect.lastModifiedNotAfterDate && headers.has('last-modified')) {
    check(
      Date.parse(headers.get('last-modified') ?? '') <= Date.parse(headers.get('date') ?? ''),
      'Last-Modified after Date',
    );
  }
  if (expect.performed !== undefined)
    check(wasPerformed(expect.performed, performed, status), `performed ${performed} times`);
  return wrong;
}

function wasPerformed(expected: boolean | number | 'iff-2xx', performed: number, status: number): boolean {
  if (expected === 'iff-2xx') return performed > 0 === status < 300;
  return typeof expected === 'number' ? performed === expected : performed > 0 === expected;
}

function unchunk(content: string): string {
  let body = '';
  for (let at = 0; ;) {
    const lineEnd = content.indexOf('\r\n', at);
    const size = Number.parseInt(content.slice(at, lineEnd), 16);
    if (lineEnd < 0 || !(size > 0)) return body;
    body += content.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 4 + size;
  }
}
