/** Starts a server on loopback, says what can be tried, and stops cleanly. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tour } from './tour.ts';

const PATIENCE = 1000;

/** Listens on `PORT` (default 3000). `close` is called once, when there will be no more requests. `page`: there is one at `/`. */
export function serve(framework: string, listener: RequestListener, close: () => void, { page = false } = {}): void {
  const port = process.env['PORT'] || '3000';
  const server = createServer(listener);
  server.once('close', close);

  function fail(reason: string): void {
    console.error(reason);
    process.exitCode = 1;
    close();
  }

  function stop(): void {
    server.close();
    setTimeout(() => server.closeAllConnections(), PATIENCE).unref(); // for requests that are still being answered
  }

  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return fail(`PORT: expected a number up to 65535, got ${port}`);
  server.once('error', (error: NodeJS.ErrnoException) => {
    fail(error.code === 'EADDRINUSE' ? `Port ${port} is taken: set PORT to another one` : error.message);
  });
  server.listen(Number(port), '127.0.0.1', () => {
    const { port: bound } = server.address() as AddressInfo; // it listens on a port, not on a pipe
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop); // Ctrl-C may come twice, by way of npm
    console.log(tour(`http://127.0.0.1:${bound}`, framework, page));
  });
}
