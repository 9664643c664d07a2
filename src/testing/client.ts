/** An HTTP client that adds, hides and repeats nothing: `fetch` would send Cache-Control, decode the content, and follow redirects. */
import { Agent, request as request_, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Answer, Fields } from './answer.ts';
import type { Base } from './application.ts';

export interface Content {
  readonly bytes: Buffer;
  readonly type: string;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  /** What the check sends beside the fields of the user. */
  readonly fields?: Fields;
  readonly content?: Content | undefined;
}

export interface Client {
  ask(this: void, request: Request): Promise<Answer>;
  /**
   * Sends all requests in the same moment. With `withhold`, the last byte of their content follows when all else has arrived: what a server
   * checks before it has read the content, it has then checked for all of them.
   */
  together(this: void, requests: readonly Request[], withhold: boolean): Promise<Answer[]>;
  close(this: void): void;
}

interface Begun {
  readonly outgoing: ClientRequest;
  readonly answer: Promise<Answer>;
  readonly bytes: Buffer;
}

/** Long enough for what was written on a loopback connection to be read. */
const ARRIVAL = 5;

export function clientOf(base: Base, headers: Fields, timeout: number, most: number = Infinity): Client {
  const tls = base.protocol === 'https:';
  const agent = tls ? new TlsAgent({ keepAlive: true, rejectUnauthorized: !base.own }) : new Agent({ keepAlive: true });

  const begin = ({ method, path, fields = {}, content }: Request): Begun => {
    const outgoing = (tls ? tlsRequest : request_)({
      agent,
      host: base.host,
      port: base.port,
      method,
      path: base.prefix + path,
      headers: merged(content, headers, fields),
    });
    return {
      outgoing,
      answer: answerTo(outgoing, { method, path, asked: fields }, timeout, most),
      bytes: content?.bytes ?? NONE,
    };
  };

  return {
    ask(request) {
      const { outgoing, answer, bytes } = begin(request);
      outgoing.end(bytes);
      return answer;
    },
    async together(requests, withhold) {
      const begun = requests.map(begin);
      const held = withhold && begun.every(({ bytes }) => bytes.length > 1) ? 1 : 0;
      if (held > 0) {
        for (const { outgoing, bytes } of begun) outgoing.write(bytes.subarray(0, -held));
        await wait(ARRIVAL);
        await turn(); // a server in this process reads before this goes on, however late the timer was
      }
      for (const { outgoing, bytes } of begun) outgoing.end(held > 0 ? bytes.subarray(-held) : bytes);
      return Promise.all(begun.map(({ answer }) => answer));
    },
    close: () => agent.destroy(),
  };
}

const NONE = Buffer.alloc(0);

/** The fields of a request: a later source wins, whatever the letter case. */
function merged(content: Content | undefined, headers: Fields, fields: Fields): Record<string, string> {
  const sent = new Map<string, readonly [string, string]>([['accept-encoding', ['Accept-Encoding', 'identity']]]);
  if (content) sent.set('content-type', ['Content-Type', content.type]);
  for (const source of [headers, fields])
    for (const [name, value] of Object.entries(source)) sent.set(name.toLowerCase(), [name, value]);
  if (content) sent.set('content-length', ['Content-Length', String(content.bytes.length)]);
  else sent.delete('content-type');
  return Object.fromEntries(sent.values());
}

/** Never rejects: an answer that does not come is something to be told, too. */
function answerTo(
  outgoing: ClientRequest,
  asked: Pick<Answer, 'method' | 'path' | 'asked'>,
  timeout: number,
  most: number,
): Promise<Answer> {
  return new Promise((resolve) => {
    let incoming: IncomingMessage | undefined;
    let size = 0;
    const chunks: Buffer[] = [];
    const giveUp = (reason: string): void => {
      done(reason);
      outgoing.destroy();
    };
    const timer = setTimeout(() => giveUp(`not complete within ${timeout} ms`), timeout);
    const done = (failure?: string): void => {
      clearTimeout(timer);
      const content = Buffer.concat(chunks);
      const answer = { ...asked, status: incoming?.statusCode ?? 0, lines: incoming ? linesIn(incoming) : [], content };
      resolve(failure === undefined ? answer : { ...answer, status: 0, begun: answer.status, failure });
    };
    outgoing.on('response', (response) => {
      incoming = response;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > most) giveUp(`more than ${most} bytes of content`);
      });
      response.on('error', (error) => done(error.message));
      response.on('end', () => done());
    });
    outgoing.on('error', (error: NodeJS.ErrnoException & { rawPacket?: Buffer; bytesParsed?: number }) => {
      const { code = '', rawPacket, bytesParsed } = error;
      if (!incoming?.complete || !code.startsWith('HPE_') || !rawPacket) return done(error.message || code);
      chunks.push(rawPacket.subarray(bytesParsed)); // bytes behind an answer that has no content, such as a 304
      return done();
    });
  });
}

function linesIn({ rawHeaders }: IncomingMessage): [name: string, value: string][] {
  const lines: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) lines.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return lines;
}
