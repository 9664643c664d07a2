/** A client over real sockets that shows what came, and nothing that a browser or `fetch` would add or hide. */
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly bytes: Buffer;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

export interface Client {
  readonly port: number;
  (path?: string, options?: RequestOptions): Promise<Answer>;
  close(): Promise<void>;
}

/** Listens on a free port of the loopback interface. */
export async function clientOf(server: Server): Promise<Client> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return Object.assign((path = '/', options: RequestOptions = {}) => ask(port, path, options), { port, close });
}

function ask(port: number, path: string, { method = 'GET', headers = {}, body }: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const options = { host: '127.0.0.1', port, path, method, headers: { ...length, ...headers }, agent: false };
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes.toString(), bytes });
      });
    });
    request.on('error', reject);
    request.setTimeout(8000, () => request.destroy(new Error(`${method} ${path}: no answer within 8 s`)));
    request.end(body);
  });
}

/** An answer with a tag: what a compressor inside of ours takes longer for than 100 ms has none, on a busy machine. */
export async function tagged(attempt: () => Promise<Answer>): Promise<Answer> {
  let answer = await attempt();
  for (let i = 0; i < 5 && answer.headers.etag === undefined; i++) answer = await attempt();
  return answer;
}
