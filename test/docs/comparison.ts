/** What the packages of each framework answer, measured here: the conformance rows, the checks of `unstale/testing`, and what response caches do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectConditional } from '../../src/testing.ts';
import { play, type Case } from '../conformance/runner.ts';
import { listen } from '../conformance/servers.ts';
import { CACHES, SITUATIONS, type Cache } from './peer-caches.ts';
import { PEER_APPS } from './peer-apps.ts';
import { PEER_SERVERS, PEERS, type Peer } from './peer-servers.ts';
import { ROOT } from './pages.ts';

export type Column = Peer | 'unstale';
export const COLUMNS: readonly Column[] = [...PEERS, 'unstale'];

/** The packages behind a column. */
export const PACKAGES: Readonly<Record<Column | Cache, readonly string[]>> = {
  'Express 5': ['express'],
  'Express 4': ['express4'],
  Koa: ['koa', 'koa-conditional-get', 'koa-etag'],
  Fastify: ['fastify', '@fastify/etag'],
  Hono: ['hono'],
  apicache: ['apicache'],
  unstale: [],
};

export function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** How many rows of a group pass, of how many. */
export type Standing = Readonly<Record<string, readonly [passed: number, of: number]>>;

export interface CheckRow {
  readonly on: 'read' | 'error' | 'write';
  readonly sentence: string;
  readonly rfc: string;
  readonly kinds: Readonly<Record<Column, 'passed' | 'failed' | 'skipped'>>;
}

export interface Measured {
  readonly rows: Readonly<Record<Column, Standing>>;
  readonly checks: readonly CheckRow[];
  readonly caches: readonly { readonly what: string; readonly holds: Readonly<Record<Cache, boolean>> }[];
}

/** Without ranges and 428: no peer offers either for a route, so there is nothing to compare. */
const ROWS = (
  JSON.parse(readFileSync(join(ROOT, 'test', 'tables', 'precondition-cases.json'), 'utf8')) as readonly (Case & {
    readonly group: string;
  })[]
).filter(({ group }) => group !== 'range' && group !== '428');

const MOST_REPEATS = 4;

export async function measured(): Promise<Measured> {
  return { rows: await standings(), checks: await checks(), caches: await caches() };
}

async function standings(): Promise<Measured['rows']> {
  const found = {} as Record<Column, Standing>; // each of them below
  for (const peer of PEERS) found[peer] = await standingOf(peer);
  const all = Object.entries(found['Express 5']).map(([group, [, of]]) => [group, [of, of]] as const);
  found.unstale = Object.fromEntries(all); // test/conformance fails where one of them does not pass
  return found;
}

async function standingOf(peer: Peer): Promise<Standing> {
  const server = await listen(await PEER_SERVERS[peer]());
  const groups: Record<string, [number, number]> = {};
  try {
    for (const row of ROWS) {
      const standing = (groups[row.group] ??= [0, 0]);
      standing[1]++;
      if (await passes(server.base, row)) standing[0]++;
    }
  } finally {
    await server.close();
  }
  return groups;
}

/** The client closes its half of the connection, and on a busy machine a peer may take that for an abort: what is not answered is asked again. */
async function passes(base: string, row: Case): Promise<boolean> {
  let wrong = await play(base, row);
  for (let i = 0; i < MOST_REPEATS && wrong.some((each) => each.startsWith('status NaN')); i++)
    wrong = await play(base, row);
  return wrong.length === 0;
}

async function checks(): Promise<CheckRow[]> {
  const rows = new Map<
    string,
    { on: CheckRow['on']; sentence: string; rfc: string; kinds: Partial<CheckRow['kinds']> }
  >();
  for (const column of COLUMNS) {
    const body = (attempt: number): object => ({ text: `text ${attempt} `.repeat(64) });
    const app = await PEER_APPS[column]();
    const { results } = await expectConditional(app).get('/x', { missing: '/none' }).put('/x', { body }).report();
    for (const { on, id, sentence, rfc, kind } of results) {
      const about = on.startsWith('PUT') ? 'write' : on.endsWith('/none') ? 'error' : 'read';
      const row = rows.get(`${about} ${id}`) ?? { on: about, sentence, rfc, kinds: {} };
      rows.set(`${about} ${id}`, { ...row, kinds: { ...row.kinds, [column]: kind } });
    }
  }
  return [...rows.values()] as CheckRow[]; // every column has been asked
}

async function caches(): Promise<Measured['caches']> {
  const found = [];
  for (const { what, prove } of SITUATIONS) {
    const holds = {} as Record<Cache, boolean>; // each of them below
    for (const cache of CACHES) holds[cache] = await prove(cache);
    found.push({ what, holds });
  }
  return found;
}
