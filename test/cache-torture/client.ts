/** Requests over connections that are kept: for tests that ask very often. */
import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asker {
  ask(port: number, path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Reply>;
  close(): void;
}

/** So many connections at most to one port. */
export function asker(sockets: number): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  return {
    ask: (port, path, headers = {}, method = 'GET') =>
      new Promise((resolve, reject) => {
        const asking = request(
          { host: '127.0.0.1', port, path, method, headers, agent, timeout: 20_000 },
          (response) => {
            let body = '';
            response.setEncoding('utf8');
            response.on('data', (text: string) => (body += text));
            response.on('error', reject);
            response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
          },
        );
        asking.on('error', reject);
        asking.on('timeout', () => asking.destroy(new Error(`${method} ${path}: no answer within 20 s`)));
        asking.end();
      }),
    close: () => agent.destroy(),
  };
}

/** Runs `act` for each number below `count`, so many at once. */
export async function each(count: number, atOnce: number, act: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) await act(i);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
