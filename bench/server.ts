/** The process of one target: `server.mjs NAME`. It counts its requests, and tells over IPC what they cost. */
import type { AddressInfo } from 'node:net';
import { targetNamed } from './targets/all.ts';

/** Where a server is; all figures count from its start. */
export interface Usage {
  readonly requests: number;
  /** Microseconds of processor time, of all threads. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly at: number;
  /** Resident bytes, after a collection where that is to be had. */
  readonly rss: number;
}

const target = await targetNamed(process.argv[2] ?? '');
const server = await target.serve();
let requests = 0;
server.prependListener('request', () => void requests++);
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port)); // it listens on a port

process.on('message', (question) => {
  if (question === 'memory') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const usage: Usage = { requests, cpu: user + system, at: performance.now(), rss: process.memoryUsage.rss() };
  process.send?.(usage);
});
process.on('disconnect', () => process.exit());
