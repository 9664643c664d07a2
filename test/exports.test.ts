import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as decorators from '../src/decorators.ts';
import * as express from '../src/express.ts';
import * as fastify from '../src/fastify.ts';
import * as hono from '../src/hono.ts';
import * as core from '../src/index.ts';
import * as koa from '../src/koa.ts';
import * as memcached from '../src/memcached.ts';
import * as nest from '../src/nest.ts';
import * as node from '../src/node.ts';
import * as openapi from '../src/openapi.ts';
import * as opentelemetry from '../src/opentelemetry.ts';
import * as prometheus from '../src/prometheus.ts';
import * as redis from '../src/redis.ts';
import * as testing from '../src/testing.ts';
import * as web from '../src/web.ts';

const MIDDLEWARES = [
  'cache',
  'cacheControl',
  'conditional',
  'dashboard',
  'etag',
  'guard',
  'guarded',
  'route',
  'selected',
  'tag',
  'use',
  'vary',
];

test('unstale exports these names', () => {
  expect(Object.keys(core).toSorted()).toEqual([
    'ConfigurationError',
    'PreconditionFailed',
    'StoreUnavailable',
    'busOver',
    'collection',
    'composite',
    'counter',
    'digest',
    'evaluatePreconditions',
    'formatCacheControl',
    'formatEntityTag',
    'formatHttpDate',
    'layers',
    'memoryResponses',
    'memoryVersions',
    'parseCacheControl',
    'parseEntityTag',
    'parseEntityTagList',
    'parseHttpDate',
    'responseCache',
    'stamp',
    'strongMatch',
    'tiered',
    'version',
    'weakMatch',
  ]);
  expect(Object.keys(core.layers).toSorted()).toEqual([
    'cache',
    'cacheControl',
    'conditional',
    'dashboard',
    'etag',
    'guard',
    'vary',
  ]);
});

test.each([
  ['unstale/express', express],
  ['unstale/koa', koa],
])('%s exports these names', (_name, exported) => {
  expect(Object.keys(exported).toSorted()).toEqual(MIDDLEWARES);
});

test.each([
  ['unstale/hono', hono],
  ['unstale/web', web],
])('%s exports the same but route', (_name, exported) => {
  expect(Object.keys(exported).toSorted()).toEqual(MIDDLEWARES.filter((name) => name !== 'route'));
});

test('unstale/fastify exports the same but route, and the plugin that reads config.unstale', () => {
  expect(Object.keys(fastify).toSorted()).toEqual(
    [...MIDDLEWARES.filter((name) => name !== 'route'), 'unstale'].toSorted(),
  );
});

test('unstale/node exports the same, and what stands in front of a listener', () => {
  expect(Object.keys(node).toSorted()).toEqual([...MIDDLEWARES, 'front'].toSorted());
});

test('unstale/nest exports the same but route, as interceptors, and what is of NestJS alone', () => {
  expect(Object.keys(nest).toSorted()).toEqual(
    [
      ...MIDDLEWARES.filter((name) => name !== 'route'),
      'Guarded',
      'Selected',
      'UnstaleModule',
      'withConditions',
    ].toSorted(),
  );
});

test('unstale/decorators exports these names', () => {
  expect(Object.keys(decorators).toSorted()).toEqual([
    'CacheControl',
    'Conditional',
    'Guard',
    'NoStore',
    'Vary',
    'policyOf',
  ]);
});

test('unstale/prometheus and unstale/opentelemetry export one function each', () => {
  expect(Object.keys(prometheus)).toEqual(['prometheusMetrics']);
  expect(Object.keys(opentelemetry)).toEqual(['openTelemetryMetrics']);
});

test('unstale/openapi exports these names', () => {
  expect(Object.keys(openapi)).toEqual(['openapi']);
});

test('unstale/redis exports these names', () => {
  expect(Object.keys(redis).toSorted()).toEqual(['invalidationBus', 'redisOptions', 'redisResponses', 'redisVersions']);
});

test('unstale/memcached exports these names', () => {
  expect(Object.keys(memcached)).toEqual(['memcachedResponses']);
});

test('unstale/testing exports these names', () => {
  expect(Object.keys(testing)).toEqual(['expectConditional']);
});

test('the package has these entry points', () => {
  const { exports } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
    exports: object;
  };
  const entries = [
    'decorators',
    'express',
    'fastify',
    'hono',
    'koa',
    'memcached',
    'nest',
    'node',
    'openapi',
    'opentelemetry',
    'prometheus',
    'redis',
    'testing',
    'web',
  ].map((name) => `./${name}`);
  expect(Object.keys(exports)).toEqual(['.', ...entries, './package.json']);
});
