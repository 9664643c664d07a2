import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const SRC = join(import.meta.dirname, '..', 'src');
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const LEAVES = ['errors', 'options', 'state', 'metrics', 'misuse', 'writes', 'observed'];

/** Who may import whom: a folder, or a file of src by its name, and what it may import beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  http: [],
  exchange: [],
  errors: [],
  state: [],
  options: ['errors'],
  misuse: ['state'],
  writes: ['exchange', 'state'],
  metrics: ['exchange'],
  observed: ['exchange', 'errors', 'metrics', 'state'],
  validators: ['http', ...LEAVES],
  stores: [...LEAVES], // no HTTP
  conditional: ['http', 'exchange', 'validators', 'stores', ...LEAVES],
  policy: ['http', 'exchange', ...LEAVES],
  'response-stores': ['stores', ...LEAVES], // no HTTP, and nothing that decides about a response
  'response-cache': ['http', 'exchange', 'conditional', 'policy', 'response-stores', ...LEAVES],
  adapters: ['http', 'exchange', 'state', 'errors', 'observed'], // no feature
  layers: ['conditional', 'policy', 'response-cache', 'dashboard'],
  dashboard: ['http', 'exchange', 'conditional', 'validators', ...LEAVES],
  routes: ['http', 'exchange', 'layers', 'conditional', 'policy', ...LEAVES],
  decorators: ['routes'],
  openapi: ['http', 'conditional', 'policy', 'routes', ...LEAVES],
  nest: [
    'adapters',
    'framework',
    'openapi',
    'layers',
    'routes',
    'http',
    'exchange',
    'conditional',
    'policy',
    'validators',
    ...LEAVES,
  ], // a module of its own
  framework: ['exchange', 'layers', 'dashboard', 'conditional', 'policy', 'response-cache', 'validators', 'routes'],
  index: [
    'exchange',
    'dashboard',
    'errors',
    'http',
    'layers',
    'metrics',
    'conditional',
    'policy',
    'stores',
    'validators',
    'response-cache',
    'response-stores',
  ],
  express: ['adapters', 'framework'],
  fastify: ['adapters', 'framework'],
  hono: ['adapters', 'framework'],
  koa: ['adapters', 'framework'],
  web: ['adapters', 'framework'],
  front: [
    'http',
    'exchange',
    'adapters',
    'conditional',
    'policy',
    'validators',
    'response-cache',
    'response-stores',
    ...LEAVES,
  ], // layers and an adapter of its own
  node: ['adapters', 'framework', 'front', 'routes'],
  telemetry: [...LEAVES], // of events alone
  prometheus: ['telemetry', ...LEAVES],
  opentelemetry: ['telemetry', ...LEAVES],
  redis: ['stores', 'response-stores'],
  memcached: ['response-stores'],
  testing: ['http', 'errors', 'options'], // asks over HTTP, and knows nothing of what it asks
  audit: ['http', 'options', 'testing'], // the checks of the testing kit and its own; writes nothing to anybody
  cli: ['audit', 'http', 'options', 'testing'],
};

const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  bytes: ['options.ts'],
  ms: ['options.ts'],
  etag: ['validators/digest.ts'],
  'lru-cache': ['response-stores/memory-responses.ts'],
  vary: ['http/vary.ts'],
  rou3: ['front/templates.ts'],
  'prom-client': ['telemetry/instruments.ts'],
  '@opentelemetry/api': ['opentelemetry.ts'],
};

/** What a response cache decides, time being a parameter; its stores and its layer have clocks. */
const CACHE_DECISIONS = new Set(
  [
    'byte-range',
    'cache-groups',
    'cache-key',
    'cache-rules',
    'cache-status',
    'eligible',
    'field-lines',
    'freshness',
    'invalidate',
    'kept-fields',
    'normalized-value',
    'not-modified',
    'reuse',
    'statuses',
    'storable',
    'target',
    'target-list',
    'update',
    'validation',
    'variants',
  ].map((name) => `response-cache/${name}.ts`),
);

const FRAMEWORKS = new Set(['express', 'fastify', 'hono', 'koa']);

/** What NestJS takes by its class only: a module, a filter and what that filters. */
const CLASSES = new Set(['adapters/nest-problems.ts', 'nest/module.ts']);

/** NestJS hands over values where it is asked by them, decorators and classes; its adapter is one for two frameworks. */
const NEST = new Set(['@nestjs/common', '@nestjs/core', 'rxjs']);
const OF_NEST = /^(adapters\/)?nest([-/].+)?\.ts$/;

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

function imports(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/^(?:import|export) (type )?[^;]*?from '([^']+)'/gms)].map(([, type, from = '']) => ({
    from,
    typeOnly: type !== undefined,
  }));
}

/** The folder of a file, or its own name when it stands in src itself. */
const place = (file: string): string => (file.includes('/') ? dirname(file) : file.replace('.ts', ''));
const local = (file: string, from: string): string => relative(SRC, join(SRC, dirname(file), from));

test('every decision of a response cache is where its purity is checked', () => {
  expect([...CACHE_DECISIONS].filter((file) => !FILES.includes(file))).toEqual([]);
});

describe.each(FILES)('src/%s', (file) => {
  test('imports only what stands below it', () => {
    const places = imports(file)
      .filter(({ from }) => from.startsWith('.'))
      .map(({ from }) => place(local(file, from)));
    const allowed = new Set([place(file), ...(MAY_IMPORT[place(file)] ?? [])]);
    expect(places.filter((target) => !allowed.has(target))).toEqual([]);
  });

  test('knows a framework by its types only, and a package only where it has its place', () => {
    const packages = imports(file).filter(({ from }) => !from.startsWith('.') && !from.startsWith('node:'));
    const wrong = packages.filter(({ from, typeOnly }) => {
      if (NEST.has(from)) return !OF_NEST.test(file);
      if (FRAMEWORKS.has(from) && typeOnly && OF_NEST.test(file)) return false;
      if (FRAMEWORKS.has(from)) return !typeOnly || !new RegExp(`^(adapters/)?${from}(-[a-z]+)?\\.ts$`).test(file);
      return !PACKAGES[from]?.includes(file);
    });
    expect(wrong).toEqual([]);
  });

  test('has one job: at most 180 lines, in an adapter 100', () => {
    const lines = readFileSync(join(SRC, file), 'utf8').split('\n').length - 1;
    expect(lines).toBeLessThanOrEqual(place(file) === 'adapters' ? 100 : 180);
  });

  test('exports by name, lists names, and keeps to the style', () => {
    const text = readFileSync(join(SRC, file), 'utf8');
    expect(text).not.toMatch(/^export default|^export \*/m);
    expect(text).not.toMatch(/\bas any\b|: any\b|@ts-/);
    expect(text.startsWith('/**')).toBe(true);
    expect(text).not.toMatch(file === 'errors.ts' || CLASSES.has(file) ? /^class / : /^(export )?(abstract )?class /m);
  });

  test('takes no clock and no randomness for granted in what is pure', () => {
    if (!/^(http|validators)\//.test(file) && !CACHE_DECISIONS.has(file)) return;
    const text = readFileSync(join(SRC, file), 'utf8');
    expect(text.replaceAll(/: number = Date\.now\(\)/g, '')).not.toMatch(
      /Date\.now\(|Math\.random|randomUUID|randomBytes/,
    );
  });
});

test('only one file overrides methods of a response', () => {
  const overriding = FILES.filter((file) =>
    /\bsetPrototypeOf\(|res\.(write|end|writeHead|setHeader) = /.test(readFileSync(join(SRC, file), 'utf8')),
  );
  expect(overriding).toEqual(['adapters/hold-response.ts']);
});
