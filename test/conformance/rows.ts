/** Every conformance row as a test, on one framework, with each way of guarding its writes. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Writes } from './contract.ts';
import { play, type Case } from './runner.ts';
import { contractServer, listen, type Framework, type RunningServer } from './servers.ts';

const ROWS = JSON.parse(readFileSync(new URL('../tables/precondition-cases.json', import.meta.url), 'utf8')) as Case[];
const WRITES: readonly Writes[] = ['conditional', 'guard'];

export function testRows(framework: Framework): void {
  describe.each(WRITES)(`RFC 9110 §13 on ${framework} with %s before the writes`, (writes) => {
    let server: RunningServer;

    beforeAll(async () => {
      server = await listen(await contractServer(framework, writes));
    });

    afterAll(() => server.close());

    test.each(ROWS)('$level $id', async (row) => {
      expect(await play(server.base, row)).toEqual([]);
    });
  });
}
