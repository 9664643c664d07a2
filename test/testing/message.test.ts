import { AssertionError } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { expectConditional, type Report } from '../../src/testing.ts';
import { reference, type Flaw } from './reference.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const FLAW: Flaw = {
  asked({ method, headers }) {
    if (method === 'PUT') headers['if-match'] ??= '*';
    else delete headers['if-match'];
  },
};

async function thrown(promise: Promise<unknown>): Promise<AssertionError & { report: Report }> {
  const outcome: unknown = await promise.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(AssertionError);
  return outcome as AssertionError & { report: Report }; // what the kit adds to it
}

describe('A failed check', () => {
  const { listener } = reference(FLAW);
  const asked = (): Promise<unknown> =>
    expectConditional(listener, { headers: { Authorization: 'Bearer secret' } })
      .get('/x')
      .put('/x', { body: (attempt) => ({ text: String(attempt) }) });

  test('is told in words: what was expected, what came, what to do, and where it is written', async () => {
    const { message } = await thrown(asked());
    expect(message).toBe(`GET /x, PUT /x: 2 of 41 checks failed

1. GET /x: If-Match with another tag, or the current one as a weak tag, is answered 412, on a read, too
   expected  412
   received  200 to GET /x with If-Match: "unstale-testing-foreign"
   hint      If-Match is for every method, and compares strongly: who asks for the rest of a download relies on it
   check     if-match-other, RFC 9110 §13.1.1, https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1

2. PUT /x: A write without a precondition is refused with 428, or carried out where none is required
   expected  428
   received  200 to PUT /x
   hint      Mount guard(current) on the route; where an If-Match is a choice of the client, say \`required: false\`
   check     write-required, RFC 6585 §3, https://www.rfc-editor.org/rfc/rfc6585#section-3

Requests that changed data: 7 × PUT /x`);
  });

  test('rejects with an AssertionError of node:assert, which has the report and the line of the test', async () => {
    const error = await thrown(asked());
    expect([error.code, error.report.passed, error.report.changes.length]).toEqual(['ERR_ASSERTION', false, 7]);
    expect(error.stack).toMatch(/^AssertionError.*: GET \/x, PUT \/x: 2 of 41/);
    const [, frame] = /\n( {4}at .*)/.exec(error.stack ?? '') ?? [];
    expect(frame).toContain('message.test.ts');
  });

  test('says nothing of the fields that the user sends', async () => {
    const { message, report } = await thrown(asked());
    expect(message + JSON.stringify(report)).not.toContain('secret');
  });
});

describe('The report', () => {
  test('has every check as data, whether it failed or not', async () => {
    const report = await expectConditional(reference(FLAW).listener).get('/x').report();
    expect(report.passed).toBe(false);
    expect(report.changes).toEqual([]);
    expect(report.results).toContainEqual({
      on: 'GET /x',
      id: 'if-none-match',
      sentence: 'If-None-Match with the current tag is answered 304',
      rfc: 'RFC 9110 §13.1.2',
      kind: 'passed',
    });
    expect(report.results).toContainEqual(
      expect.objectContaining({ id: 'if-match-other', kind: 'failed', expected: '412' }),
    );
  });

  test('is what a passed expectation resolves with', async () => {
    const report = await expectConditional(reference().listener).get('/x');
    expect([report.passed, new Set(report.results.map(({ kind }) => kind))]).toEqual([true, new Set(['passed'])]);
  });
});

describe('An expectation', () => {
  test('is a promise: all runners, and Promise.all, know what to do with it', async () => {
    const app = expectConditional(reference().listener);
    expect(app.get('/x')).toBeInstanceOf(Promise);
    await expect(app.error('/x')).rejects.toThrow('4xx or 5xx');
    await expect(Promise.all([app.get('/x'), app.error('/none')])).resolves.toHaveLength(2);
  });

  const failing = `
    import { expectConditional } from ${JSON.stringify(join(ROOT, 'src', 'testing.ts'))};
    const app = expectConditional((req, res) => res.end('x'));
  `;
  const run = (code: string): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', failing + code], {
      cwd: ROOT,
      encoding: 'utf8',
    });

  test('that nobody awaits is not silent when it fails', () => {
    const { status, stderr } = run("app.get('/x');");
    expect([status, String(stderr)]).toEqual([1, expect.stringContaining('A 200 has an ETag or a Last-Modified')]);
  });

  test('that is handled leaves no rejection behind, neither its own nor that of a step before it', () => {
    const { status, stderr, stdout } = run(`
      const { passed } = await app.get('/x').report();
      const said = await app.get('/x').error('/x').catch(({ message }) => message.split('\\n', 1)[0]);
      console.log(passed, said);
    `);
    expect([status, stderr, stdout]).toEqual([0, '', 'false GET /x: 2 of 4 checks failed\n']);
  });
});
