/** The comparison as an SVG: what a 304 of 100 KB of JSON costs, for light and dark pages. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { microseconds } from './report.ts';
import { spread, type Series } from './rounds.ts';
import { seriesOf, type Figures } from './verdicts.ts';

const FILE = join(import.meta.dirname, '..', 'docs', 'performance.svg');

interface Bar {
  readonly name: string;
  readonly says: string;
  readonly ours?: boolean;
}

/** A group for each framework; what is not measured is left out. */
const GROUPS: readonly (readonly [title: string, bars: readonly Bar[]])[] = [
  [
    'Express',
    [
      { name: 'express/own-etag-304/100KB', says: 'its own ETag' },
      { name: 'express/hash-304/100KB', says: 'unstale, etag()', ours: true },
      { name: 'express/preconditions-304/100KB', says: 'express-preconditions' },
      { name: 'express/version-304/100KB', says: 'unstale, conditional(current)', ours: true },
    ],
  ],
  [
    'Koa',
    [
      { name: 'koa/koa-etag-304/100KB', says: 'koa-etag' },
      { name: 'koa/hash-304/100KB', says: 'unstale, etag()', ours: true },
      { name: 'koa/version-304/100KB', says: 'unstale, conditional(current)', ours: true },
    ],
  ],
  [
    'Fastify',
    [
      { name: 'fastify/fastify-etag-304/100KB', says: '@fastify/etag' },
      { name: 'fastify/hash-304/100KB', says: 'unstale, etag()', ours: true },
      { name: 'fastify/version-304/100KB', says: 'unstale, conditional(current)', ours: true },
    ],
  ],
  [
    'Hono',
    [
      { name: 'hono/hono-etag-304/100KB', says: 'hono/etag' },
      { name: 'hono/hash-304/100KB', says: 'unstale, etag()', ours: true },
      { name: 'hono/version-304/100KB', says: 'unstale, conditional(current)', ours: true },
    ],
  ],
  ['node:http', [{ name: 'node/constant-304', says: 'a constant 304, the limit' }]],
];

const [WIDTH, LEFT, RIGHT] = [760, 300, 90];
const [LINE, BAR, GAP, TOP] = [24, 14, 12, 56];

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px } .group { font-weight: 600 } .note { fill: #59636e }
  .theirs { fill: #8c959f } .ours { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note { fill: #9198a1 } .theirs { fill: #6e7681 } .ours { fill: #58a6ff }
  }`;

export function writeChart(figures: Figures): void {
  writeFileSync(FILE, chart(figures));
}

/** One scale from zero for all bars. */
export function chart(figures: Figures): string {
  const groups = GROUPS.map(
    ([title, bars]) => [title, bars.flatMap((bar) => measured(bar, seriesOf(figures, bar.name)))] as const,
  ).filter(([, bars]) => bars.length > 0);
  const most = Math.max(...groups.flatMap(([, bars]) => bars.map(({ cpu }) => cpu)));
  const parts: string[] = [];
  let y = TOP;
  for (const [title, bars] of groups) {
    for (const [i, { says, ours, cpu }] of bars.entries()) {
      const width = Math.max((cpu / most) * (WIDTH - LEFT - RIGHT), 1).toFixed(1);
      if (i === 0) parts.push(text(0, y, 'group', title));
      parts.push(
        text(80, y, ours ? 'group' : '', says),
        `<rect class="${ours ? 'ours' : 'theirs'}" x="${LEFT}" y="${y - 11}" width="${width}" height="${BAR}" rx="2"/>`,
        text(LEFT + Number(width) + 8, y, ours ? 'group' : '', `${microseconds(cpu)} µs`),
      );
      y += LINE;
    }
    y += GAP;
  }
  const title = 'Server CPU time per 304 Not Modified, 100 KB of JSON';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${title}">
<style>${STYLE}
</style>
${text(0, 16, 'title', title)}
${text(0, 34, 'note', 'Microseconds, the median of interleaved rounds; less is better')}
${parts.join('\n')}
</svg>
`;
}

function measured({ says, ours = false }: Bar, series: Series | undefined) {
  return series ? [{ says, ours, cpu: spread(series.cpu).median }] : [];
}

function text(x: number, y: number, kind: string, content: string): string {
  return `<text x="${x}" y="${y}"${kind ? ` class="${kind}"` : ''}>${content}</text>`;
}
