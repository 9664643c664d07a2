import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from '../../src/index.ts';
import { expectConditional, type Expecting } from '../../src/testing.ts';
import { reference } from './reference.ts';
import { failures, skips } from './report-of.ts';

const app = (): Expecting => expectConditional(reference().listener);
const body = (attempt: number): object => ({ text: String(attempt) });

/** For what the types refuse, and JavaScript does not. */
const given = (value: unknown): never => value as never;

describe('What cannot be asked is refused at once, before any request', () => {
  test.each<[message: string, ask: () => unknown]>([
    ['get(path, options): expected path to begin with a slash', () => app().get('x')],
    ['get(path, options): expected path to begin with a slash, and to be encoded', () => app().get('/é')],
    ['error(path, options): expected path', () => app().error(given(undefined))],
    ['get(path, options): expected missing to begin with a slash', () => app().get('/x', { missing: 'none' })],
    ['got "mising". Did you mean missing?', () => app().get('/x', given({ mising: '/none' }))],
    ['got "if-non-match". Did you mean if-none-match?', () => app().get('/x', { except: [given('if-non-match')] })],
    [
      'put(path, options): except: expected options out of write-tag',
      () => app().put('/x', { body, except: [given('reload')] }),
    ],
    ['get(path, options): expected except to be a list of checks', () => app().get('/x', { except: given('reload') })],
    ['error(path, options): expected status from 400 to 599, got 200', () => app().error('/x', { status: 200 })],
    ['put(path, options): expected an options object', () => app().put('/x', given(null))],
    ['put(path, options): expected body, a value or a function', () => app().put('/x', given({}))],
    ['patch(path, options): expected body, a value or a function', () => app().patch('/x', given(undefined))],
    ['delete(path, options): expected prepare, a function that makes again', () => app().delete('/x', given({}))],
    ['delete(path, options): expected prepare to be a function', () => app().delete('/x', { prepare: given(7) })],
    [
      'put(path, options): expected required to be true or false',
      () => app().put('/x', { body, required: given('no') }),
    ],
    ['put(path, options): expected rounds from 0, got -1', () => app().put('/x', { body, rounds: -1 })],
    ['post(path, options): expected read to begin with a slash', () => app().post('/x/publish', { read: 'x' })],
    [
      'headers without those that the checks send themselves, got "If-Match"',
      () => app().put('/x', { body, headers: { 'If-Match': '*' } }),
    ],
    ['headers that can be sent, got "X Y"', () => app().get('/x', { headers: { 'X Y': '1' } })],
    ['headers that can be sent, got "X"', () => app().get('/x', { headers: { X: 'a\r\nb' } })],
    ['headers by their names, got null', () => app().get('/x', { headers: given(null) })],
    [
      'expected timeout in whole milliseconds from 1',
      () => expectConditional('http://127.0.0.1:1', { timeout: 'soon' }),
    ],
    ['Did you mean timeout?', () => expectConditional('http://127.0.0.1:1', given({ timeuot: 5 }))],
  ])('%s', (message, ask) => {
    expect(ask).toThrow(message);
    expect(ask).toThrow(ConfigurationError);
  });
});

describe('Options', () => {
  test('except leaves checks out, and with them those that need them', async () => {
    const report = await app()
      .get('/x', { missing: '/none', except: ['if-none-match', 'error-preconditions'] })
      .report();
    expect([failures(report), skips(report)]).toEqual([
      [],
      [
        'if-none-match',
        'if-none-match-list',
        'if-none-match-weak',
        'if-none-match-any',
        'precedence',
        'head-not-modified',
        'coding-not-modified',
        'error-preconditions',
      ],
    ]);
    expect(report.results.find(({ id }) => id === 'if-none-match')).toMatchObject({ reason: 'left out by `except`' });
    expect(report.results.find(({ id }) => id === 'precedence')).toMatchObject({
      reason: 'says nothing, for if-none-match has not passed',
    });
  });

  test('status says which error it has to be', async () => {
    await app().error('/none', { status: 404 });
    expect(failures(await app().error('/none', { status: 403 }).report())).toEqual(['error-status']);
  });

  test('rounds says how often two writers race', async () => {
    const changes = async (rounds: number): Promise<number> => (await app().put('/x', { body, rounds })).changes.length;
    expect([await changes(0), await changes(1), await changes(7)]).toEqual([1, 2, 8]);
  });

  test('read names the resource that an action changes', async () => {
    const { listener } = reference({
      asked: (asked) => void Object.assign(asked, { path: asked.path.replace('/publish', '') }),
    });
    await expectConditional(listener).post('/x/publish', { body, read: '/x' });
    const report = await expectConditional(listener).post('/none', { body, read: '/x' }).report();
    expect(failures(report)).toEqual(['write-required', 'write-stale', 'write-none-match', 'write-current']);
  });

  test('body may be a value, text, bytes, or nothing; a function is given the number of the attempt, and what GET gave', async () => {
    const seen: string[] = [];
    const { listener } = reference({
      asked({ method, headers, content }) {
        if (method === 'POST') seen.push(`${headers['content-type']} ${content.toString()}`);
      },
    });
    const first = async (content: unknown): Promise<unknown> => {
      await expectConditional(listener)
        .post('/x', { body: given(content), rounds: 0 })
        .report();
      return seen.splice(0)[0];
    };
    expect(await first({ text: 'a' })).toBe('application/json {"text":"a"}');
    expect(await first('text')).toBe('text/plain; charset=utf-8 text');
    expect(await first(Buffer.from('bytes'))).toBe('application/octet-stream bytes');
    expect(await first((attempt: number, current: unknown) => Promise.resolve([attempt, current]))).toMatch(
      /^application\/json \[1,{"text":".*"}\]$/,
    );
    expect(await first(undefined)).toBe('undefined ');
  });

  test('a function is given the text of what is no JSON, or says that it is and is not', async () => {
    const currents: unknown[] = [];
    const asking = (type: string): Promise<unknown> => {
      const { listener } = reference({
        answered(reply, { method }) {
          if (method === 'GET')
            Object.assign(reply, { content: Buffer.from('{text'), headers: { ETag: '"v1"', 'Content-Type': type } });
        },
      });
      const keep = (attempt: number, current: unknown): object => (currents.push(current), { text: String(attempt) });
      return expectConditional(listener).put('/x', { body: keep, rounds: 0 }).report();
    };
    await asking('text/plain');
    await asking('application/ld+json; charset=utf-8');
    expect(new Set(currents)).toEqual(new Set(['{text']));
  });

  test('a value that leaves the content as it was is said not to show anything (write-new-tag)', async () => {
    const { listener } = reference({
      answered(reply, { method }, state) {
        if (method === 'GET') reply.headers['ETag'] = `"of ${state.text ?? ''}"`.replaceAll(' ', '-');
      },
      asked(asked, state) {
        const { headers } = asked;
        for (const name of ['if-match', 'if-none-match'])
          if (headers[name]?.startsWith('"'))
            headers[name] = headers[name] === `"of-${state.text}"` ? `"v${state.version}"` : '"no"';
      },
    });
    const kept = expectConditional(listener);
    await kept.put('/x', { body: { text: 'a' } });
    const report = await kept.put('/x', { body: { text: 'a' } }).report();
    expect(failures(report)).toEqual(['write-new-tag']);
    expect(JSON.stringify(report)).toContain('give `body` as a function');
  });

  test('prepare is called before each check that writes, and between the rounds of a race', async () => {
    const { listener, prepare: make } = reference();
    let calls = 0;
    const counting = (): void => {
      calls++;
      make();
    };
    await expectConditional(listener).delete('/x', { prepare: counting, rounds: 3 });
    expect(calls).toBe(14);
    await expectConditional(listener).put('/x', { body, prepare: make });
  });
});
