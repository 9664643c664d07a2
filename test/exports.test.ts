import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as express from '../src/express.ts';
import * as hono from '../src/hono.ts';
import * as core from '../src/index.ts';
import * as koa from '../src/koa.ts';
import * as node from '../src/node.ts';
import * as redis from '../src/redis.ts';
import * as web from '../src/web.ts';

const MIDDLEWARES = ['cacheControl', 'conditional', 'etag', 'guard', 'guarded', 'selected', 'use', 'vary'];

test('unstale exports these names', () => {
  expect(Object.keys(core).toSorted()).toEqual([
    'ConfigurationError',
    'PreconditionFailed',
    'StoreUnavailable',
    'collection',
    'composite',
    'counter',
    'digest',
    'evaluatePreconditions',
    'formatCacheControl',
    'formatEntityTag',
    'formatHttpDate',
    'layers',
    'memoryVersions',
    'parseCacheControl',
    'parseEntityTag',
    'parseEntityTagList',
    'parseHttpDate',
    'stamp',
    'strongMatch',
    'version',
    'weakMatch',
  ]);
  expect(Object.keys(core.layers).toSorted()).toEqual(['cacheControl', 'conditional', 'etag', 'guard', 'vary']);
});

test.each([
  ['unstale/express', express],
  ['unstale/hono', hono],
  ['unstale/koa', koa],
  ['unstale/web', web],
])('%s exports these names', (_name, exported) => {
  expect(Object.keys(exported).toSorted()).toEqual(MIDDLEWARES);
});

test('unstale/node exports the same, and what stands in front of a listener', () => {
  expect(Object.keys(node).toSorted()).toEqual([...MIDDLEWARES, 'front'].toSorted());
});

test('unstale/redis exports these names', () => {
  expect(Object.keys(redis).toSorted()).toEqual(['redisOptions', 'redisVersions']);
});

test('the package has these entry points', () => {
  const { exports } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
    exports: object;
  };
  expect(Object.keys(exports)).toEqual([
    '.',
    './express',
    './hono',
    './koa',
    './node',
    './redis',
    './web',
    './package.json',
  ]);
});
