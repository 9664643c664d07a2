import { describe, expect, test } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import { conditional, guard, selected } from '../../src/express.ts';
import { version } from '../../src/index.ts';
import { expectConditional } from '../../src/testing.ts';
import { failures, skips, words } from './report-of.ts';
import { caught, express5, express5Counter, koa3, nodeFront, type Served } from './servers.ts';

const body = (attempt: number): object => ({ text: `text ${attempt}` });

/** The checks that do not apply where a read does not have something. */
const OF = {
  dates: ['last-modified-past', 'if-modified-since', 'if-modified-since-older', 'if-unmodified-since'],
  CORS: ['not-modified-cors'],
  codings: ['coding-tag', 'coding-vary', 'coding-not-modified'],
  strength: ['strong', 'if-match-current'],
};

const SERVED = [express5, express5Counter, koa3, nodeFront].map((make): [string, () => Served] => [make().name, make]);

describe.each(SERVED)('%s with this package', (_name, make) => {
  test('passes all checks of a read with a version, and of what is missing', async () => {
    const { app, without } = make();
    const report = await expectConditional(app).get('/x', { missing: '/none' }).report();
    expect([failures(report), words(report).trim()]).toEqual([[], '']);
    expect(skips(report).toSorted()).toEqual(without.flatMap((what) => OF[what]).toSorted());
  });

  test.each(['put', 'patch', 'post', 'delete'] as const)('passes all checks of a %s', async (method) => {
    const { app, prepare } = make();
    const report = await expectConditional(app)[method]('/x', { body, prepare }).report();
    expect([failures(report), words(report).trim()]).toEqual([[], '']);
    const silent = method === 'put' || method === 'delete'; // answered without a validator
    expect(skips(report)).toEqual([...(silent ? ['write-validator'] : []), 'write-verbatim']);
    expect(new Set(report.changes)).toEqual(new Set([`${method.toUpperCase()} /x`]));
    expect(report.changes).toHaveLength(6); // one, and one for each round
  });
});

test.each(SERVED.filter(([name]) => !name.includes('counter')))(
  '%s with this package passes all checks of a read with the hash of its body',
  async (_name, make) => {
    const { app, without } = make();
    const report = await expectConditional(app).get('/hash').report();
    expect([failures(report), words(report).trim()]).toEqual([[], '']);
    const skipped = skips(report).filter((id) => !OF.codings.includes(id)); // the listener of Node does not compress here
    const expected = [...OF.dates, ...OF.strength, ...without.flatMap((what) => OF[what])];
    expect(skipped.toSorted()).toEqual(expected.toSorted());
  },
);

test('a guard in mode unsafeCheckOnly is told that two writers at the same moment lose an update (write-race)', async () => {
  let row = { version: 1, text: 'Liberté' };
  const current = (): { row: typeof row } & ReturnType<typeof version<number>> => ({ ...version(row.version), row });
  const save = caught(async (req, res) => {
    await new Promise(setImmediate);
    row = { version: row.version + 1, text: (req.body as { text: string }).text };
    res.status(204).end();
  });
  const app = express()
    .use(express.json())
    .get('/x', conditional(current), (req, res) => void res.json(selected(req, current).row))
    .put('/x', guard(current, { mode: 'unsafeCheckOnly' }), save);
  const report = await expectConditional(app).put('/x', { body }).report();
  expect(failures(report)).toEqual(['write-race']);
  expect(words(report)).toContain('204 and 204 in round 1 of 5: a lost update');
});

test('a route where a precondition is a choice carries out what has none, and refuses what does not hold', async () => {
  let row = { version: 1, text: 'Liberté' };
  const current = (): { row: typeof row } & ReturnType<typeof version<number>> => ({ ...version(row.version), row });
  const save: RequestHandler = (req, res) => {
    row = { version: row.version + 1, text: (req.body as { text: string }).text };
    res.status(204).end();
  };
  const app = express()
    .use(express.json())
    .get('/x', conditional(current), (req, res) => void res.json(selected(req, current).row))
    .put('/x', guard(current, { required: false, mode: 'unsafeCheckOnly' }), save);
  const optional = await expectConditional(app).put('/x', { body, required: false }).report();
  expect(words(optional).trim()).toBe('');
  const required = await expectConditional(app).put('/x', { body }).report();
  expect(failures(required)).toEqual(['write-required']);
  const guarded = await expectConditional(express5().app).put('/x', { body, required: false }).report();
  expect(words(guarded)).toContain('2xx <> 428 to PUT /x');
});
