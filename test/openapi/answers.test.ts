/** What is described is what is answered: every status of every operation is reached, and none besides. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from '@jest/globals';
import express, { type Request, type Response } from 'express';
import { CacheControl, Conditional, Guard, policyOf, Vary, type MethodOf } from '../../src/decorators.ts';
import { guarded, route, selected } from '../../src/express.ts';
import { counter, formatEntityTag, memoryVersions, StoreUnavailable, version } from '../../src/index.ts';
import { openapi, type OperationMethod } from '../../src/openapi.ts';
import { clientOf, type Client, type RequestOptions } from '../support/exchange.ts';
import { expectDescribed } from './described.ts';

interface Row {
  version: number;
}
const ROWS = new Map<string, Row>();
const LEASE = 100;

beforeEach(() => {
  ROWS.clear();
  ROWS.set('7', { version: 7 });
});

type OfArticle = Request<{ id: string }>;

const current = ({ params }: OfArticle) => {
  if (params.id === 'broken') throw new Error('the database is away');
  const row = ROWS.get(params.id);
  return row ? { ...version(row.version), lastModified: new Date(2020, 1), row } : null;
};

const versions = memoryVersions({ lease: LEASE });
const counted = counter(versions, ({ params }: OfArticle) => params.id, {
  load: ({ params }) => {
    if (params.id === 'broken') throw new StoreUnavailable('away');
    return ROWS.get(params.id);
  },
});

@CacheControl({
  default: { public: true, maxAge: '1m', cdn: { maxAge: '1h' }, vary: 'Accept' },
  412: { vary: 'Origin', noStore: true },
})
@Vary('Accept-Language')
class Articles {
  @Conditional(current)
  show(req: OfArticle, res: Response): void {
    res.json(selected(req, current).row);
  }

  @Conditional(current, { early: 'all', problem: ({ title, ...rest }) => ({ ...rest, heading: title }) })
  early(req: OfArticle, res: Response): void {
    this.show(req, res);
  }

  @Vary('Cookie')
  @CacheControl(() => ({ private: true }))
  list(_req: Request, res: Response): void {
    res.json([]);
  }

  @Conditional(current)
  lenient(_req: OfArticle, res: Response): void {
    res.json({});
  }

  @Guard(current)
  fenced(req: OfArticle, res: Response): void {
    const write = guarded(req, current);
    write.applied(version(8), { verbatim: true });
    res.json({});
  }

  @Guard(current, { required: false, reveal: false, create: false })
  optional(req: OfArticle, res: Response): void {
    this.fenced(req, res);
  }

  @Guard(current, { allowDates: true, allowStar: true, problem: ({ detail }) => ({ detail }) })
  dated(req: OfArticle, res: Response): void {
    this.fenced(req, res);
  }

  @Guard(counted)
  async counted(req: OfArticle, res: Response): Promise<void> {
    await sleep(Number(req.get('X-Pause') ?? 0));
    res.json({});
  }
}

type Ask = RequestOptions & { readonly path?: string };

const READS: readonly Ask[] = [{}, { headers: { 'If-None-Match': '"7"' } }, { headers: { 'If-Match': '"6"' } }];
const IF_MATCH = { headers: { 'If-Match': '"7"' } };
const STALE = { headers: { 'If-Match': '"6"' } };
const BROKEN = { ...IF_MATCH, path: '/broken' };
const MISSING = { ...IF_MATCH, path: '/8' };
const CREATE = { headers: { 'If-None-Match': '*' } };

type Operation = readonly [
  name: MethodOf<Articles>,
  method: OperationMethod,
  statuses: readonly number[],
  asks: readonly Ask[],
];

const OPERATIONS: readonly Operation[] = [
  ['show', 'get', [200, 304, 412], READS],
  ['early', 'get', [200, 304, 412], READS],
  ['list', 'get', [200], [{}, ...READS]],
  ['lenient', 'patch', [200, 404, 412, 503], [{}, IF_MATCH, STALE, MISSING, BROKEN]],
  ['lenient', 'put', [200, 412, 503], [{}, IF_MATCH, STALE, MISSING, BROKEN, CREATE, { ...CREATE, path: '/8' }]],
  ['fenced', 'patch', [200, 404, 412, 428, 503], [{}, IF_MATCH, STALE, MISSING, BROKEN]],
  ['fenced', 'post', [200, 404, 412, 428, 503], [{}, IF_MATCH, STALE, MISSING, BROKEN]],
  ['fenced', 'put', [200, 412, 428, 503], [{}, IF_MATCH, STALE, MISSING, BROKEN, CREATE, { ...CREATE, path: '/8' }]],
  ['optional', 'put', [200, 404, 412, 503], [{}, IF_MATCH, STALE, MISSING, BROKEN]],
  [
    'dated',
    'patch',
    [200, 404, 412, 428, 503],
    [
      {},
      IF_MATCH,
      STALE,
      MISSING,
      BROKEN,
      { headers: { 'If-Match': '*' } },
      { headers: { 'If-Unmodified-Since': 'Wed, 21 Oct 2015 07:28:00 GMT' } },
    ],
  ],
];

async function serving(name: MethodOf<Articles>, prove: (ask: Client) => Promise<void>): Promise<void> {
  const app = express().disable('etag').all('/:id', route(new Articles(), name));
  const client = await clientOf(createServer(app));
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

test.each(OPERATIONS)('%s, %s: what is described is what is answered, %j', async (name, method, statuses, asks) => {
  const { parameters, headers, responses } = openapi(policyOf(Articles, name), method);
  const described = { 200: { headers }, ...responses };
  expect(Object.keys(described).map(Number)).toEqual(statuses);
  await serving(name, async (ask) => {
    const reached = new Set<number>();
    for (const { path = '/7', ...options } of asks) {
      const answer = await ask(path, { ...options, method: method.toUpperCase() });
      reached.add(answer.status);
      expectDescribed(answer, described);
    }
    expect(reached).toEqual(new Set(statuses));
    const { status } = await ask('/7', { method: method.toUpperCase() });
    expect(status === 428 || !parameters.some(({ required }) => required)).toBe(true);
  });
});

test('a counter: 409 while another write is carried out, 500 where the outcome is not known', async () => {
  const { responses, headers } = openapi(policyOf(Articles, 'counted'), 'patch');
  expect(Object.keys(responses).map(Number)).toEqual([404, 409, 412, 428, 500, 503]);
  await serving('counted', async (ask) => {
    const read = await versions.read('7');
    const tag = read.kind === 'version' ? formatEntityTag(version(read.version).entityTag) : '';
    const patch = (given: Record<string, string>, path = '/7') => ask(path, { method: 'PATCH', headers: given });
    const slow = patch({ 'If-Match': tag, 'X-Pause': String(LEASE * 2) });
    while ((await versions.read('7')).kind === 'version') await sleep(1);
    const answers = [
      await patch({ 'If-Match': tag }),
      await slow,
      await patch({}),
      await patch({ 'If-Match': '"6"' }),
      await patch({ 'If-Match': tag }, '/8'),
      await patch({ 'If-Match': '*' }, '/broken'),
    ];
    for (const answer of answers) expectDescribed(answer, { 200: { headers }, ...responses });
    expect(answers.map(({ status }) => status)).toEqual([409, 500, 428, 412, 404, 503]);
  });
});
