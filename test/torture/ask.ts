/** One request with a deadline of its own. Nothing is repeated. */
import { Agent, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: string;
}

export interface Question {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Goes away in the middle of the content, or when all of it was sent. */
  readonly abort?: 'amid' | 'after';
}

/** Short: a client that waits for a stopped server meets nobody. */
const DEADLINE = 400;

const agent = new Agent({ keepAlive: true });

/** `undefined` where there was no whole answer. */
export function ask(port: number, { method, path, headers, body = '', abort }: Question): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const length = method === 'PUT' ? { 'Content-Length': String(body.length) } : {};
    const asked = request({ host: '127.0.0.1', port, method, path, agent, headers: { ...headers, ...length } });
    const timer = setTimeout(() => asked.destroy(), DEADLINE);
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        clearTimeout(timer);
        if (response.complete) resolve({ status: response.statusCode ?? 0, etag: response.headers.etag, body: text });
      });
    });
    asked.on('error', () => undefined); // 'close' follows
    asked.on('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    if (abort === 'amid') asked.write(body.slice(0, body.length >> 1));
    else asked.end(body);
    if (abort) setTimeout(() => asked.destroy(), Math.random() * 6);
  });
}

/** Connections that wait for their next request. */
export const forgetConnections = (): void => agent.destroy();
