/** The targets of each framework; a server process loads one framework and no other. */
import type { Target } from '../target.ts';

export const FRAMEWORKS = ['node', 'express', 'koa', 'fastify', 'hono'] as const;
export type Framework = (typeof FRAMEWORKS)[number];

const LOAD: Readonly<Record<Framework, () => Promise<{ readonly targets: readonly Target[] }>>> = {
  node: () => import('./node.ts'),
  express: () => import('./express.ts'),
  koa: () => import('./koa.ts'),
  fastify: () => import('./fastify.ts'),
  hono: () => import('./hono.ts'),
};

export async function allTargets(): Promise<readonly Target[]> {
  const all: Target[] = [];
  for (const framework of FRAMEWORKS) all.push(...(await LOAD[framework]()).targets);
  return all;
}

export async function targetNamed(name: string): Promise<Target> {
  const framework = FRAMEWORKS.find((known) => name.startsWith(`${known}/`));
  const { targets } = framework ? await LOAD[framework]() : { targets: [] };
  const target = targets.find((each) => each.name === name);
  if (!target) throw new Error(`no target ${name}`);
  return target;
}
