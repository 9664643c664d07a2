/** What callers see while Redis is away: an answer each time, soon, and the store again as soon as it is back. Margins are for a busy machine. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Report } from './outages.ts';

let reports: Readonly<Record<string, Report>>;
let status: number | null;

beforeAll(async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'outages.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  status = await new Promise((resolve) => child.once('close', resolve));
  if (!out) throw new Error(`${status}: ${err}`);
  reports = JSON.parse(out) as typeof reports; // it is what the script prints
}, 240_000); // the first run on a machine may fetch a Redis

test('no rejection is left unhandled: the process ends by itself', () => expect(status).toBe(0));

describe.each([
  'the server is stopped by SIGSTOP, ioredis 6',
  'the server is stopped by SIGSTOP, ioredis 5',
  'the port is closed, ioredis 6',
  'the port is closed, ioredis 5',
  'connections are half-open, ioredis 6',
  'connections are half-open, ioredis 5',
])('%s', (scene) => {
  const report = (): Report => {
    const found = reports[scene];
    if (!found) throw new Error(`no report on ${scene}`);
    return found;
  };

  test('no call is pending for ever, and none for long', () => {
    expect(report().calls).toBeGreaterThan(200);
    expect(report().failed).toBeGreaterThan(50);
    expect(report().pending).toBe(0);
    expect(report().longest).toBeLessThan(400);
    expect(report().median).toBeLessThan(20); // the breaker is open
  });

  test('every refusal says that the store is unavailable', () => {
    expect(report().codes).toEqual(['ERR_UNSTALE_STORE_UNAVAILABLE']);
  });

  test('the breaker opens: only probes are sent, and the queue of the client does not grow', () => {
    expect(report().sent).toBeLessThan(60); // about 12 calls before the first one has failed, 5 probes
    expect(report().queued).toBeLessThan(60);
  });

  test('the store is back soon after Redis is', () => {
    expect(report().recovered).toBeLessThan(2000); // 500 ms to the next probe; the rest is for a busy machine
    expect(report().after).toBeGreaterThan(0.9);
  });
});
