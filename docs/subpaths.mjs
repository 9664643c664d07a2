/** What users import from, without `unstale/`: frameworks first, the package itself as an empty name before all. */
import { readFileSync } from 'node:fs';

const FIRST = ['', 'express', 'koa', 'fastify', 'hono', 'web', 'node', 'nest'];

const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const all = Object.keys(exports)
  .filter((path) => path !== './package.json')
  .map((path) => path.slice(2));

export const SUBPATHS = [...FIRST, ...all.filter((name) => !FIRST.includes(name))];
