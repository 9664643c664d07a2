/** The rows of the rig. */
import type { FaultKind, Row } from './row.ts';

const ON_SERVERS = ['kill -9', 'SIGSTOP < lease', 'client abort'] as const satisfies FaultKind[];
const ON_CONNECTIONS = [
  'database connections killed',
  'database half-open',
  'database reply lost',
] as const satisfies FaultKind[];
const ON_REDIS = [...ON_CONNECTIONS, 'database DEBUG SLEEP'] as const satisfies FaultKind[];
const ON_STORE = ['store FLUSHALL', 'store CLIENT KILL', 'store SIGSTOP'] as const satisfies FaultKind[];
const ON_ONE_STORE = [
  ...ON_STORE,
  'store restart',
  'store DEBUG SLEEP',
  'store half-open',
  'store reply lost',
] as const satisfies FaultKind[];

const ROW = {
  ioredis: 6,
  nearCache: false,
  servers: 2,
  losses: 'none',
  heedsSignal: false,
  patience: 1000,
  weight: 4,
  short: false,
} as const;

/** A pause longer than the lease is nothing to a conditional write. */
const FENCED = { ...ROW, mode: 'fenced', store: 'none' } as const;
const ON_FENCED = [...ON_SERVERS, 'SIGSTOP > lease'] as const satisfies FaultKind[];

const COUNTER = { ...ROW, mode: 'counter', database: 'redis' } as const;

/** Rows inside the assumptions: they may lose nothing. */
export const ROWS: readonly Row[] = [
  {
    ...FENCED,
    name: 'fenced-redis-express5',
    framework: 'express5',
    database: 'redis',
    faults: [...ON_FENCED, ...ON_REDIS],
    short: true,
  },
  { ...FENCED, name: 'fenced-redis-koa3', framework: 'koa3', database: 'redis', faults: [...ON_FENCED, ...ON_REDIS] },
  {
    ...FENCED,
    name: 'fenced-cluster-koa2',
    framework: 'koa2',
    database: 'cluster',
    faults: ['database slot move', ...ON_FENCED, 'database connections killed', 'database SIGSTOP'],
  },
  {
    ...FENCED,
    name: 'fenced-postgres-express4',
    framework: 'express4',
    database: 'postgres',
    weight: 1.5,
    faults: [...ON_FENCED, ...ON_CONNECTIONS, 'database restart'],
  },
  {
    ...FENCED,
    name: 'fenced-sqlite-koa3',
    framework: 'koa3',
    database: 'sqlite',
    servers: 1,
    weight: 0.8,
    faults: ON_FENCED,
    short: true,
  },
  {
    ...COUNTER,
    name: 'counter-memory-express5',
    framework: 'express5',
    store: 'memory',
    servers: 1,
    faults: [...ON_SERVERS, ...ON_REDIS],
    short: true,
  },
  {
    ...COUNTER,
    name: 'counter-memory-koa3',
    framework: 'koa3',
    store: 'memory',
    servers: 1,
    faults: [...ON_SERVERS, ...ON_REDIS],
    heedsSignal: true,
  },
  {
    ...COUNTER,
    name: 'counter-redis-express5',
    framework: 'express5',
    store: 'redis',
    faults: [...ON_SERVERS, ...ON_REDIS, ...ON_ONE_STORE],
  },
  {
    ...COUNTER,
    name: 'counter-redis-koa3',
    framework: 'koa3',
    store: 'redis',
    faults: [...ON_SERVERS, ...ON_REDIS, ...ON_ONE_STORE],
    ioredis: 5,
    heedsSignal: true,
    short: true,
  },
  {
    ...COUNTER,
    name: 'counter-redis-near-koa2',
    framework: 'koa2',
    store: 'redis',
    faults: [...ON_SERVERS, ...ON_ONE_STORE],
    nearCache: true,
  },
  {
    ...COUNTER,
    name: 'counter-sentinel-express4',
    framework: 'express4',
    store: 'sentinel',
    weight: 1,
    faults: ['store failover', ...ON_SERVERS, ...ON_STORE],
    short: true,
  },
  {
    ...COUNTER,
    name: 'counter-cluster-koa2',
    framework: 'koa2',
    store: 'cluster',
    faults: ['store slot move', ...ON_SERVERS, ...ON_STORE],
  },
  {
    ...COUNTER,
    name: 'counter-redis-handler-gives-up-first',
    framework: 'express5',
    store: 'redis',
    faults: ['database DEBUG SLEEP'],
    patience: 50, // its write lands inside the lease, but after its answer
  },
];

const CANARY = { ...ROW, database: 'redis', faults: [], losses: 'some' } as const;

/** Guards that lose updates without any fault: the checker has to see it in every run. */
export const CANARIES: readonly Row[] = [
  { ...CANARY, name: 'canary-check-only', mode: 'unsafeCheckOnly', framework: 'koa3', store: 'none' },
  { ...CANARY, name: 'canary-bump-before', mode: 'bumpBefore', framework: 'express5', store: 'redis' },
];

const OUTSIDE = { ...COUNTER, framework: 'express5', store: 'redis', losses: 'published' } as const;

/** Outside the assumptions of mode `counter`: their figures are shown, and no zero is expected. */
export const PUBLISHED: readonly Row[] = [
  { ...OUTSIDE, name: 'outside-pause-longer-than-lease', faults: ['SIGSTOP > lease'] },
  { ...OUTSIDE, name: 'outside-pause-signal-asked', faults: ['SIGSTOP > lease'], heedsSignal: true },
];
