/** Each check of an audit passes on one server, and fails on another. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CHECK_IDS } from '../../src/audit/groups.ts';
import { FAULTY_READS } from '../testing/faulty-reads.ts';
import { FAULTY_WRITES } from '../testing/faulty-writes.ts';
import { reference, type Flaw } from '../testing/reference.ts';
import { audit, findings, ids, words, type Json } from './run.ts';
import { ROWS } from './small-servers.ts';

const WRITE = ['--unsafe', '/x', '--body', '{"text":"text {{n}}"}'];
const auditRead = (flaw?: Flaw): Promise<Json> => audit(reference(flaw).listener, '/x', '--missing', '/none');
const auditWrite = (method: string, flaw?: Flaw): Promise<Json> =>
  audit(reference(flaw).listener, '/x', ...WRITE, '--method', method, '--only', 'writes');

/** What has been said of each check. */
const said = { ok: new Set<string>(), warning: new Set<string>(), error: new Set<string>() };

function remember(json: Json): void {
  for (const level of ['ok', 'warning', 'error'] as const) for (const id of ids(json, level)) said[level].add(id);
}

describe('The checks of the testing kit', () => {
  test('find nothing on the server by hand that is right', async () => {
    for (const json of [await auditRead(), await auditWrite('PUT'), await auditWrite('PATCH')]) {
      expect(words(json)).toBe('');
      remember(json);
    }
  });

  test('let PUT have an ETag where GET gives the bytes that were sent (write-verbatim)', async () => {
    const json = await auditWrite('PUT', {
      answered({ status, headers }, { method }, { version }) {
        if (method === 'PUT' && status === 200) headers['ETag'] = `"v${version}"`;
      },
    });
    expect(words(json)).toBe('');
    expect(ids(json, 'ok')).toContain('write-verbatim');
    remember(json);
  });

  test.each(FAULTY_READS)('a read: $name ($finds)', async ({ flaw, finds }) => {
    const json = await auditRead(flaw);
    expect([...ids(json, 'warning'), ...ids(json, 'error')]).toContain(finds);
    remember(json);
  });

  test.each(FAULTY_WRITES)('a write: $name ($finds)', async ({ flaw, finds }) => {
    const json = await auditWrite('PUT', flaw);
    expect([...ids(json, 'warning'), ...ids(json, 'error')]).toContain(finds);
    remember(json);
  });
});

test.each(ROWS)('$id is $level: $server', async ({ id, listener, level, says = '', args = [] }) => {
  const json = await audit(listener, '/x', '--only', id, ...args);
  const [finding, ...others] = findings(json);
  expect([finding?.id, finding?.level]).toEqual([id, level]);
  expect(others.filter((other) => other.id === id)).toEqual([]);
  expect(finding?.level === 'not-applicable' ? finding.reason : words(json)).toContain(says);
  remember(json);
});

test('no check is dead: each has passed in this file, and each has failed', () => {
  expect(CHECK_IDS.filter((id) => !said.ok.has(id))).toEqual([]);
  expect(CHECK_IDS.filter((id) => !said.warning.has(id) && !said.error.has(id))).toEqual([]);
});

test('docs/audit.md says of each check whether it finds errors, warnings, or both', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'audit.md'), 'utf8');
  const levels = ['Error', 'Warning', 'Error or warning'];
  const wrong = CHECK_IDS.filter((id) => {
    const seen = levels[said.error.has(id) ? (said.warning.has(id) ? 2 : 0) : 1];
    return !new RegExp(`^### ${id}\n\n.*\n\n${seen} · `, 'm').test(page);
  });
  expect(wrong).toEqual([]);
});

test('a secret of a request or a cookie of an answer is in no output', async () => {
  const secret = 'Bearer of-somebody';
  const json = await audit(
    (_req, res) => void res.setHeader('Set-Cookie', 'sid=hidden').setHeader('Cache-Control', 'public').end('x'),
    '/x',
    '--header',
    `Authorization: ${secret}`,
  );
  expect(ids(json, 'error')).toContain('shared-cookie');
  expect(JSON.stringify(json)).not.toMatch(/of-somebody|hidden/);
});
