/** The command line: arguments, exit codes, and what it writes where. */
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { reference } from '../testing/reference.ts';
import { CERTIFICATE, KEY } from '../testing/certificate.ts';
import { audit, audited, found, ids, run } from './run.ts';

const right = (): ReturnType<typeof reference>['listener'] => reference().listener;
const noTag = createServer((_req, res) => void res.setHeader('Cache-Control', 'no-cache').end('x'));

describe('Arguments', () => {
  const URL_ = 'http://127.0.0.1:9/x';

  test.each<[name: string, args: string[], says: string]>([
    ['no URL', [], 'Name at least one URL, such as http://localhost:3000/articles/7'],
    ['an option that is not there', [URL_, '--jsn'], 'There is no option --jsn. Did you mean --json?'],
    [
      'an option far from any',
      [URL_, '--zzzzzzzz'],
      'There is no option --zzzzzzzz. unstale audit --help tells them all',
    ],
    ['an option without its value', [URL_, '--timeout'], "Option '--timeout <value>' argument missing"],
    ['a URL without a scheme', ['localhost:3000/x'], '"localhost:3000/x" is none: write http://localhost:3000/x'],
    ['another scheme', ['ftp://x/y'], 'URL has to be a URL of http or https, and "ftp://x/y" is none'],
    ['a password in a URL', ['http://a:b@x/'], "may not hold a password: give it by --header 'Authorization: …'"],
    ['a path without a URL before it', ['--missing', '/none'], '--missing /none needs a URL before it'],
    [
      'a time without a unit',
      [URL_, '--timeout', '5q'],
      '--timeout takes whole milliseconds from 1 or as a text with a unit such as \'10s\', got "5q"',
    ],
    ['no size', [URL_, '--max-size', 'big'], '--max-size takes bytes or as a text such as \'1mb\', got "big"'],
    ['no number', [URL_, '--concurrency', '0'], '--concurrency takes a whole number from 1 to 1000, not "0"'],
    ['a check that is not there', [URL_, '--only', 'reloads'], '--only knows no check "reloads". Did you mean reload?'],
    ['a level that is not there', [URL_, '--fail-on', 'ok'], '--fail-on takes error or warning, not "ok"'],
    ['a header without a colon', [URL_, '-H', 'x'], "--header takes 'Name: value'"],
    ['a header of the checks', [URL_, '-H', 'If-Match: "1"'], '--header If-Match is sent by the checks themselves'],
    ['a body and no --unsafe', [URL_, '--body', 'x'], '--body is for writes: say --unsafe URL, too'],
    ['a write without content', ['--unsafe', URL_], '--unsafe with PUT needs --body or --body-file'],
    [
      'a method that is not there',
      ['--unsafe', URL_, '--method', 'DELETE'],
      '--method takes PUT, PATCH, POST, not "DELETE"',
    ],
    [
      'a file that is not there',
      ['--unsafe', URL_, '--body-file', '/none'],
      '--body-file /none cannot be read: ENOENT',
    ],
    [
      'a read of another origin',
      ['--unsafe', URL_, '--body', 'x', '--read', 'http://x/'],
      '--read has to be of the same origin',
    ],
  ])('%s: said in one line, exit code 2', async (_name, args, says) => {
    const { code, out, err } = await run(['audit', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^unstale audit: [^\n]+\n$/);
    expect(err).toContain(says);
  });

  test('a secret header that cannot be sent is not repeated', async () => {
    const { err } = await run(['audit', URL_, '-H', 'Authorization: gehe\u{1f600}im']);
    expect(err).toBe("unstale audit: --header takes 'Name: value', and Authorization has none that can be sent\n");
  });

  test('no command, and one that is not there', async () => {
    expect(await run([])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Name a command') });
    expect((await run(['audti'])).err).toContain('There is no command audti. Did you mean audit?');
  });

  test('--help and --version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
    expect((await run(['--help'])).out).toContain('unstale audit --help');
    const { code, out } = await run(['audit', '--help']);
    expect([code, out.split('\n', 1)[0]]).toEqual([0, 'Usage: unstale audit [options] URL...']);
    const options = [
      'missing',
      'header',
      'follow',
      'timeout',
      'max-size',
      'concurrency',
      'insecure',
      'unsafe',
      'method',
      'body',
      'body-file',
      'read',
      'rounds',
      'only',
      'skip',
      'json',
      'quiet',
      'fail-on',
    ];
    expect(options.filter((name) => !out.includes(`--${name}`))).toEqual([]);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });
});

describe('Exit codes', () => {
  test('0 for nothing found, 1 for an error, 1 for a warning only with --fail-on warning', async () => {
    expect((await audit(right(), '/x')).exitCode).toBe(0);
    expect(
      (await audit(reference({ answered: ({ headers }) => (headers['ETag'] = 'v1') }).listener, '/x')).exitCode,
    ).toBe(1);
    expect(found(await audit(noTag))).toEqual(['warning validator']);
    expect((await audit(noTag)).exitCode).toBe(0);
    expect((await audit(noTag, '/x', '--fail-on', 'warning')).exitCode).toBe(1);
  });

  test('2 where nobody answers, and the other URLs are audited nevertheless', async () => {
    const json = await audit(right(), '/x', 'http://127.0.0.1:1/y');
    expect([json.exitCode, json.totals.unreached]).toEqual([2, 1]);
    expect(json.targets.map(({ unreached }) => unreached)).toEqual([null, expect.stringContaining('ECONNREFUSED')]);
    expect(json.totals.ok).toBeGreaterThan(20);
  });
});

describe('What is asked', () => {
  test('--only makes the checks that are named, and what they need; --skip leaves out', async () => {
    const only = await audit(right(), '/x', '--only', 'head-not-modified,caching');
    expect(ids(only, 'ok').slice(0, 2)).toEqual(['head-not-modified', 'cache-control-syntax']);
    const skip = await audit(right(), '/x', '--skip', 'caching', '--skip', 'validators');
    expect(ids(skip, 'ok')).not.toEqual(expect.arrayContaining(['stable']));
    expect(ids(skip, 'ok')).toContain('if-none-match');
  });

  test('nothing but GET and HEAD of what is named, without --unsafe', async () => {
    const asked = new Set<string>();
    const { listener } = reference();
    await audit((req, res) => (asked.add(`${req.method} ${req.url}`), listener(req, res)), '/x', '--missing', '/none');
    expect(asked).toEqual(new Set(['GET /x', 'HEAD /x', 'GET /none']));
  });

  test('as many requests as are told, with the fields of the user', async () => {
    let count = 0;
    const agents = new Set<string | undefined>();
    const { listener } = reference();
    const json = await audit(
      (req, res) => {
        count++;
        agents.add(`${req.headers['user-agent']} ${String(req.headers['x-tenant'])}`);
        listener(req, res);
      },
      '/x',
      '-H',
      'X-Tenant: one',
    );
    expect(json.targets.map(({ requests }) => requests)).toEqual([count]);
    expect(agents).toEqual(new Set(['unstale-audit/1.2.3 one']));
  });

  test('no more URLs at the same time than --concurrency says, and in their order', async () => {
    let [now, most] = [0, 0];
    const json = await audit(
      (_req, res) => {
        most = Math.max(most, ++now);
        setTimeout(() => (now--, res.setHeader('Cache-Control', 'no-store').end('x')), 5);
      },
      '/1',
      '--concurrency',
      '1',
      '--only',
      'date,answered',
    );
    expect([most, json.targets.length]).toEqual([1, 1]);
    await audited(
      (_req, res) => {
        most = Math.max(most, ++now);
        setTimeout(() => (now--, res.end('x')), 20);
      },
      async (base) => {
        most = 0;
        const urls = [1, 2, 3, 4, 5, 6].map((number) => `${base}/${number}`);
        const { out } = await run(['audit', ...urls, '--concurrency', '3', '--only', 'date', '--json']);
        const { targets } = JSON.parse(out) as { targets: { url: string }[] };
        expect([most, targets.map(({ url }) => url)]).toEqual([3, urls]);
      },
    );
  });

  test('--follow goes where a redirect leads, and takes no credentials to another origin', async () => {
    const seen: (string | undefined)[] = [];
    const { listener } = reference();
    await audited(
      (req, res) => (seen.push(req.headers.authorization), listener(req, res)),
      async (there) => {
        const json = await audit(
          (req, res) => void res.writeHead(302, { Location: req.url === '/x' ? '/y' : `${there}/x` }).end(),
          '/x',
          '--follow',
          '-H',
          'Authorization: Bearer x',
        );
        expect(found(json)).toEqual([]);
        expect(json.targets[0]?.redirects).toEqual([expect.stringMatching(/\/y$/), `${there}/x`]);
        expect(new Set(seen)).toEqual(new Set([undefined]));
      },
    );
  });

  test('a redirect without an end is told as one', async () => {
    const json = await audit((_req, res) => void res.writeHead(302, { Location: '/x' }).end(), '/x', '--follow');
    expect(found(json)).toEqual(['warning answered']);
  });

  test('a certificate that nobody has signed is accepted with --insecure only', async () => {
    const server = createTlsServer({ cert: CERTIFICATE, key: KEY }, right());
    expect((await audit(server, '/x')).targets[0]?.unreached).toContain('self-signed certificate');
    expect(found(await audit(createTlsServer({ cert: CERTIFICATE, key: KEY }, right()), '/x', '--insecure'))).toEqual(
      [],
    );
  });

  test('content out of a file, and several in turn', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'unstale-'));
    const file = join(directory, 'body.json');
    writeFileSync(file, '{"text":"é {{n}}"}');
    const bodies: string[] = [];
    const { listener } = reference({
      asked: ({ method, content }) => void (method === 'PUT' && bodies.push(content.toString())),
    });
    const json = await audit(
      listener,
      '/x',
      '--unsafe',
      '/x',
      '--body-file',
      file,
      '--body',
      '{"text":"b"}',
      '--only',
      'write-stale,write-required',
    );
    rmSync(directory, { recursive: true });
    expect(found(json)).toEqual([]);
    expect(bodies).toEqual(['{"text":"b"}', '{"text":"é 2"}']);
  });

  test('a write that changes nothing proves nothing, and is not called an error', async () => {
    let text = 'x';
    const json = await audit(
      (req, res) => {
        if (req.method === 'GET') return void res.setHeader('ETag', `"${text}"`).end(text);
        if (req.headers['if-match'] !== `"${text}"`) return void res.writeHead(412).end();
        return void req.on('data', (part) => (text = String(part))).on('end', () => res.writeHead(204).end());
      },
      '/x',
      '--unsafe',
      '/x',
      '--body',
      'x',
      '--only',
      'write-new-tag,write-race',
    );
    expect([found(json), ids(json, 'not-applicable')]).toEqual([[], ['write-new-tag', 'write-race']]);
  });

  test('where requests are limited (429) nothing is called an error for it', async () => {
    let count = 0;
    const { listener } = reference();
    const json = await audit((req, res) => (++count > 5 ? res.writeHead(429).end() : listener(req, res)), '/x');
    expect(found(json)).toEqual([]);
    expect(JSON.stringify(json)).toContain('the requests were limited (429)');
  });
});

describe('What is written', () => {
  test('JSON is as docs/audit.schema.json says', async () => {
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'audit.schema.json'), 'utf8'),
    ) as object;
    const validate = new Ajv2020({ formats: { uri: true }, strict: false }).compile(schema);
    const samples = [
      await audit(right(), '/x', '--missing', '/none', '--unsafe', '/x', '--body', '{"text":"{{n}}"}'),
      await audit(noTag, '/x', 'http://127.0.0.1:1/y'),
      await audit((_req, res) => void res.writeHead(500, { ETag: 'x' }).end()),
    ];
    for (const sample of samples) expect([validate(sample), validate.errors]).toEqual([true, null]);
  });

  test('with --json nothing else is on stdout, and progress is on stderr', async () => {
    await audited(right(), async (base) => {
      const { out, err } = await run(['audit', `${base}/x`, '--json']);
      expect(() => JSON.parse(out) as unknown).not.toThrow();
      expect(err).toBe('auditing GET /x\n');
    });
  });

  test('on a terminal: colours, and progress in one line that is taken away', async () => {
    await audited(noTag, async (base) => {
      const { out, err } = await run(['audit', `${base}/x`], { isTTY: true, columns: 80 });
      expect(out).toContain('\x1b[33mwarning');
      const parts = err.split('\r\x1b[2K');
      expect([parts[0], parts[1], parts.at(-1)]).toEqual(['', expect.stringMatching(/^GET \/x 1\/\d+ answered$/), '']);
      expect(err).not.toContain('\n');
      expect(
        Math.max(
          ...lines(out)
            .filter((line) => !line.includes('https://'))
            .map(({ length }) => length),
        ),
      ).toBeLessThanOrEqual(80);
    });
  });

  test.each([
    ['NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, false],
    ['TERM=dumb', { isTTY: true, env: { TERM: 'dumb' } }, false],
    ['FORCE_COLOR=0', { isTTY: true, env: { FORCE_COLOR: '0' } }, false],
    ['no terminal', {}, false],
    ['no terminal, and FORCE_COLOR', { env: { FORCE_COLOR: '1' } }, true],
    ['an empty NO_COLOR, which says nothing', { isTTY: true, env: { NO_COLOR: '' } }, true],
  ])('%s', async (_name, look, coloured) => {
    await audited(noTag, async (base) => {
      const { out } = await run(['audit', `${base}/x`, '--quiet'], look);
      expect(out.includes('\x1b[')).toBe(coloured);
    });
  });

  test('a row for each check, why it does not apply, what to do, and the section', async () => {
    await audited(noTag, async (base) => {
      const { out } = await run(['audit', `${base}/x`], { columns: 120 });
      expect(lines(out)).toEqual(
        expect.arrayContaining([
          `GET ${base}/x`,
          '  200 · 1 byte · Cache-Control: no-cache',
          '  ok      answered                   GET is answered 200',
          '  warning validator                  A 200 has an ETag or a Last-Modified',
          '          expected  ETag or Last-Modified',
          '          received  neither, and Cache-Control: no-cache',
          '          see       RFC 9110 §8.8.3.1, https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.1',
          '          docs      docs/audit.md#validator',
          '  n/a     age                        there is no Age: it comes from the origin',
        ]),
      );
      expect(lines(out).at(-2)).toMatch(/^\d+ ok, 1 warning, 0 errors, \d+ not applicable; \d+ requests$/);
    });
  });

  test('--quiet tells warnings and errors, and no progress', async () => {
    await audited(noTag, async (base) => {
      const { out, err } = await run(['audit', `${base}/x`, '--quiet']);
      expect(err).toBe('');
      expect(out).not.toMatch(/^ {2}(ok|n\/a) /m);
      expect(out).toContain('  warning validator');
    });
  });

  test('what a terminal would obey is not written to it', async () => {
    await audited(
      (_req, res) => void res.setHeader('ETag', '"\x9b31m"').end('x'),
      async (base) => {
        const { out } = await run(['audit', `${base}/x`]);
        expect(out).toContain('ETag: "\u{fffd}31m"');
        expect(out).not.toContain('\x9b');
      },
    );
  });
});

function lines(out: string): string[] {
  return stripVTControlCharacters(out).split('\n');
}
