/** Where and with what a run was measured. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { PINNED } from './processes.ts';
import { spread } from './rounds.ts';
import { LOAD_BY } from './serving.ts';
import type { Figures } from './verdicts.ts';

const PACKAGES = [
  'express',
  'express-preconditions',
  'koa',
  'koa-etag',
  'koa-conditional-get',
  'fastify',
  '@fastify/etag',
  'hono',
  '@hono/node-server',
  'ioredis',
] as const;

export function machine(): string {
  const [first] = cpus();
  const cores = `${cpus().length} cores of ${first?.model.trim() || 'an unnamed processor'}`;
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cores}, ${PINNED ? 'server and load pinned to one core each' : 'nothing pinned'}; load by ${LOAD_BY}`;
}

export function versions(): string {
  return PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', ');
}

/** How far a round lies from the median of its target or function, in per cent: half of all rounds are nearer than this. */
export function noise({ groups, micro }: Figures): number {
  const cpu = groups.flatMap((group) => [...group.values()].map((series) => series.cpu));
  const all = [...cpu, ...Object.values(micro)];
  const distances = all.flatMap((values) => {
    const { median } = spread(values);
    return values.map((value) => Math.abs(value / median - 1) * 100);
  });
  return spread(distances).median;
}

function versionOf(name: string): string {
  const file = join(import.meta.dirname, '..', 'node_modules', name, 'package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }; // every package has one
  return version;
}
