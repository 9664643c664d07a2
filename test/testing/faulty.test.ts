import type { RequestListener } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { expectConditional, type Expecting, type Report } from '../../src/testing.ts';
import { FAULTY_READS } from './faulty-reads.ts';
import { FAULTY_WRITES } from './faulty-writes.ts';
import { reference, type Flaw } from './reference.ts';
import { failures, skips, words } from './report-of.ts';

const body = (attempt: number): object => ({ text: `text ${attempt}` });

function expecting(flaw?: Flaw): Expecting & { readonly prepare: () => void } {
  const { listener, prepare } = reference(flaw);
  return { ...expectConditional(listener), prepare };
}

const read = (flaw?: Flaw): Promise<Report> => expecting(flaw).get('/x', { missing: '/none' }).report();
const put = (flaw?: Flaw): Promise<Report> => expecting(flaw).put('/x', { body }).report();

describe('The server by hand that is right', () => {
  test('passes every check of a read, and skips none', async () => {
    const report = await read();
    expect([failures(report), skips(report), report.passed]).toEqual([[], [], true]);
  });

  test('passes without an ETag, too: dates are looked at, and what needs a tag is skipped', async () => {
    const report = await read({ answered: ({ headers }) => delete headers['ETag'] });
    expect(failures(report)).toEqual([]);
    expect(skips(report)).toEqual([
      'strong',
      'if-none-match',
      'if-none-match-list',
      'if-none-match-weak',
      'if-none-match-any',
      'precedence',
      'head-not-modified',
      'coding-not-modified',
      'if-match-current',
    ]);
  });

  test('passes every check of a write; PUT is answered without a validator, so there is none to look at', async () => {
    const { prepare, ...app } = expecting();
    expect(skips(await app.put('/x', { body }))).toEqual(['write-validator', 'write-verbatim']);
    expect(skips(await app.patch('/x', { body }))).toEqual(['write-verbatim']);
    expect(skips(await app.post('/x', { body }))).toEqual(['write-verbatim']);
    expect(skips(await app.delete('/x', { prepare }))).toEqual(['write-validator', 'write-verbatim']);
  });
});

describe('One flaw is found by its check, and by no other', () => {
  test.each(FAULTY_READS)('a read: $name ($finds)', async ({ flaw, finds, words: wanted }) => {
    const report = await read(flaw);
    expect(failures(report)).toEqual([finds]);
    expect(words(report)).toContain(wanted);
  });

  test.each(FAULTY_WRITES)('a write: $name ($finds)', async ({ flaw, finds, words: wanted }) => {
    const report = await put(flaw);
    expect(failures(report)).toEqual([finds]);
    expect(words(report)).toContain(wanted);
  });
});

test('a version that is compared before the content has come is found in a race that holds the last bytes back (write-race)', async () => {
  let version = 1;
  const listener: RequestListener = (req, res) => {
    if (req.method === 'GET') return void res.writeHead(200, { ETag: `"v${version}"` }).end(`{"version":${version}}`);
    if (req.headers['if-match'] !== `"v${version}"`) return void res.writeHead(412).end();
    // All in one step as soon as the content is there: two whole requests never meet.
    return void req.resume().once('end', () => {
      version++;
      res.writeHead(204).end();
    });
  };
  const report = await expectConditional(listener)
    .put('/x', { body, except: ['write-required'] })
    .report();
  expect(failures(report)).toEqual(['write-race']);
  expect(words(report)).toContain('204 and 204 in round 2 of 5: a lost update');
});
