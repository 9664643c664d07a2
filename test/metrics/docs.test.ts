/** docs/metrics.md, the dashboard and the alert rules speak of what there is: events, metrics, labels, and nothing else. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { prometheusMetrics } from '../../src/prometheus.ts';
import { findPromtool } from '../support/promtool.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (...path: readonly string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const PAGE = read('docs', 'metrics.md');
jest.setTimeout(240_000); // compilers, and a package that is fetched once

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

const registry = new Registry();
prometheusMetrics(registry)();
const METRICS = registry.getMetricsAsArray() as unknown as readonly Metric[]; // labelNames is on all of them

/** What Prometheus adds: the labels of a target, and that of a bucket. */
const ADDED = ['job', 'instance', 'le'];

/** The series that a registry gives of a metric. */
function seriesOf({ name, type }: Metric): string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

const SERIES = new Map(METRICS.flatMap((metric) => seriesOf(metric).map((name) => [name, metric.labelNames] as const)));

/** The series of an expression, each with the labels that it is selected by. */
function selectors(expression: string): [name: string, labels: string[]][] {
  return [...expression.matchAll(/\b(unstale_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', labels = '']) => [
    name,
    [...labels.matchAll(/(\w+)\s*(?:=~|!~|!=|=)"/g)].map(([, label = '']) => label),
  ]);
}

/** The labels that an expression groups by. */
function grouping(expression: string): string[] {
  return [...expression.matchAll(/\b(?:by|on|ignoring)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  );
}

function wrongIn(expression: string): string[] {
  const found = selectors(expression);
  if (found.length === 0) return [`no metric in ${expression}`];
  const known = new Set([...ADDED, ...found.flatMap(([name]) => SERIES.get(name) ?? [])]);
  return [
    ...found.filter(([name]) => !SERIES.has(name)).map(([name]) => `${name} in ${expression}`),
    ...found.flatMap(([name, labels]) =>
      labels
        .filter((label) => !ADDED.includes(label) && !SERIES.get(name)?.includes(label))
        .map((label) => `${name}{${label}}`),
    ),
    ...grouping(expression)
      .filter((label) => !known.has(label))
      .map((label) => `by (${label}) in ${expression}`),
  ];
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
}

interface Dashboard {
  readonly schemaVersion: number;
  readonly id: null;
  readonly uid: string;
  readonly title: string;
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
  };
  readonly panels: readonly Panel[];
}

const DASHBOARD = JSON.parse(read('docs', 'grafana-dashboard.json')) as Dashboard; // of Grafana's form, as is tested below
const EXPRESSIONS = DASHBOARD.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

describe('docs/grafana-dashboard.json', () => {
  test('names metrics and labels that the exporter has, and nothing else', () => {
    const queries = DASHBOARD.templating.list.flatMap(({ definition = [] }) => definition);
    expect([...EXPRESSIONS, ...queries].flatMap(wrongIn)).toEqual([]);
    expect(EXPRESSIONS.length).toBeGreaterThan(20);
  });

  test('shows every metric that there is', () => {
    const shown = new Set(EXPRESSIONS.flatMap(selectors).map(([name]) => name));
    expect(
      METRICS.filter((metric) => !seriesOf(metric).some((name) => shown.has(name))).map(({ name }) => name),
    ).toEqual([]);
  });

  test('is of the form that Grafana 10 imports: no id, one data source to choose, panels that do not cover each other', () => {
    const { id, schemaVersion, uid, title, panels, templating } = DASHBOARD;
    expect([id, uid, title]).toEqual([null, 'unstale', 'unstale']);
    expect(schemaVersion).toBeGreaterThanOrEqual(36);
    expect(schemaVersion).toBeLessThanOrEqual(39);
    expect(templating.list.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'datasource datasource',
      'job query',
      'route query',
    ]);
    expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length);
    for (const { type, description, targets = [] } of panels) {
      expect(['row', 'stat', 'timeseries', 'state-timeline']).toContain(type);
      if (type === 'row') continue;
      expect(description).toMatch(/\.$/);
      expect(targets.every(({ datasource }) => datasource.uid === '${datasource}')).toBe(true);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string };
}

const RULES = (parse(read('docs', 'alerts.yml')) as { groups: readonly { rules: readonly Rule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);

describe('docs/alerts.yml', () => {
  test.each(RULES)('$alert names metrics that there are, says what is wrong, and leads to what to do', (rule) => {
    expect(wrongIn(rule.expr)).toEqual([]);
    expect(['critical', 'warning', 'info']).toContain(rule.labels.severity);
    expect(Object.keys(rule.annotations)).toEqual(['summary', 'description', 'runbook']);
    expect(rule.annotations.runbook).toBe(`docs/metrics.md#${rule.alert.toLowerCase()}`);
    expect(PAGE).toContain(`\n### ${rule.alert}\n`);
  });

  test('every alert on the page is one of them', () => {
    const headings = [...PAGE.matchAll(/^### (Unstale\w+)$/gm)].map(([, name = '']) => name);
    expect(headings.toSorted()).toEqual(RULES.map(({ alert }) => alert).toSorted());
  });
});

const promtool = findPromtool();
const checked = promtool === undefined ? test.skip : test;

describe(`promtool${promtool === undefined ? ' (there is none, and none could be fetched: skipped)' : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (...args: readonly string[]): [status: number | null, output: string] => {
    const { status, stdout, stderr } = spawnSync(promtool ?? '', args, { encoding: 'utf8' });
    return [status, stdout + stderr];
  };

  checked('accepts the alert rules', () => {
    expect(run('check', 'rules', join(ROOT, 'docs', 'alerts.yml'))).toEqual([
      0,
      expect.stringContaining(`SUCCESS: ${RULES.length} rules`),
    ]);
  });

  checked('fires them when it should, and not otherwise', () => {
    expect(run('test', 'rules', join(import.meta.dirname, 'alert-cases.yml'))).toEqual([
      0,
      expect.stringContaining('SUCCESS'),
    ]);
  });

  checked('can read every expression of the dashboard', () => {
    const rules = EXPRESSIONS.map((expr, i) => ({
      record: `panel:${i}`,
      expr: expr
        .replaceAll('$__rate_interval', '5m')
        .replaceAll('$__range', '1h')
        .replaceAll(/\$(job|route)/g, '.*'),
    }));
    const file = join(folder, 'dashboard.json'); // which is YAML, too
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    expect(run('check', 'rules', file)).toEqual([0, expect.stringContaining(`SUCCESS: ${rules.length} rules`)]);
  });
});

describe('docs/metrics.md', () => {
  test('lists every event, and no other', () => {
    const text = read('src', 'metrics.ts');
    const events = [...text.matchAll(/channel\('(unstale:[\w:-]+)'\)/g)].map(([, name = '']) => name);
    const listed = [...PAGE.matchAll(/^\| `(unstale:[\w:-]+)` +\|/gm)].map(([, name = '']) => name);
    expect(listed.toSorted()).toEqual(events.toSorted());
  });

  test('lists every metric with its kind and its labels, and no other', () => {
    const listed = [...PAGE.matchAll(/^\| `(unstale_\w+)` +\| (\w+) +\| ([^|]*)\|/gm)].map(
      ([, name, type, labels = '']) =>
        `${name} ${type} ${[...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).join()}`,
    );
    expect(listed.toSorted()).toEqual(
      METRICS.map(({ name, type, labelNames }) => `${name} ${type} ${labelNames.join()}`).toSorted(),
    );
  });

  test('lists every instrument of OpenTelemetry, and no other', () => {
    const text = read('src', 'opentelemetry.ts');
    const made = [...text.matchAll(/(?:counter|seconds|observed)\('([\w.]+)'/g)].map(([, name]) => `unstale.${name}`);
    const listed = [...PAGE.matchAll(/^\| `(unstale\.[\w.]+)` +\|/gm)].map(([, name = '']) => name);
    expect(made.length).toBeGreaterThan(12);
    expect(listed.toSorted()).toEqual(made.toSorted());
  });

  test('its code compiles', () => {
    const folder = join(ROOT, 'node_modules', '.cache', `docs-metrics-${process.pid}`);
    mkdirSync(join(folder, 'metrics'), { recursive: true });
    const source = (entry: string): string => relative(join(folder, 'metrics'), join(ROOT, 'src', `${entry}.ts`));
    const blocks = [...PAGE.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)];
    for (const [, name = '', text = ''] of blocks)
      writeFileSync(
        join(folder, name),
        text
          .replaceAll("'unstale'", `'${source('index')}'`)
          .replaceAll(/'unstale\/(\w+)'/g, (_whole, entry: string) => `'${source(entry)}'`),
      );
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), include: ['.'], exclude: [] }),
    );
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([blocks.length, stdout, status]).toEqual([3, '', 0]);
  });

  test('its links lead to files that there are', () => {
    const links = [...PAGE.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    for (const link of links) expect(() => read('docs', link)).not.toThrow();
  });
});
