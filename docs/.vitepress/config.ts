import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type DefaultTheme, type MarkdownRenderer } from 'vitepress';
import { SUBPATHS } from '../subpaths.mjs';
import { slugOf } from './slug.ts';

const DOCS = join(import.meta.dirname, '..');
const MARK = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#3b6ea5"/><path d="M4 4v5a4 4 0 0 0 8 0V4" fill="none" stroke="#fff" stroke-width="2"/></svg>`;

/** What pages offer to take away; it stands beside them, so that the links are right in the repository, too. */
const FILES = ['alerts.yml', 'audit.schema.json', 'grafana-dashboard.json'];

/** Pages that are not there yet have no place in the sidebar. */
function pages(...named: readonly (readonly [text: string, name: string])[]): DefaultTheme.SidebarItem[] {
  return named
    .filter(([, name]) => existsSync(join(DOCS, `${name}.md`)))
    .map(([text, name]) => ({ text, link: `/${name}` }));
}

/** A block of code that is a file has its name where others have their language. */
function named(md: MarkdownRenderer): void {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, i, ...rest) => {
    const html = fence?.(tokens, i, ...rest) ?? '';
    const [, name] = /^\w+ (\S+\.\w+)/.exec(tokens[i]?.info ?? '') ?? [];
    return name ? html.replace(/<span class="lang">[^<]*</, `<span class="lang">${name}<`) : html;
  };
}

export default defineConfig({
  title: 'unstale',
  description: 'HTTP conditional requests and caching for Node servers',
  lang: 'en',
  base: process.env['DOCS_BASE'] ?? '/',
  cleanUrls: false, // any static server will do
  lastUpdated: false,
  buildEnd({ outDir }) {
    for (const name of FILES) copyFileSync(join(DOCS, name), join(outDir, name));
  },
  srcExclude: ['README.md'],
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(MARK)}` }]],
  markdown: {
    anchor: { slugify: slugOf },
    config: named,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    externalLinkIcon: false,
    nav: [
      { text: 'Guide', link: '/getting-started', activeMatch: '^/(getting-started|reads|writes|policies|stores)' },
      { text: 'Errors', link: '/errors' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
    ],
    sidebar: [
      {
        text: 'Guide',
        items: pages(
          ['Getting started', 'getting-started'],
          ['Reads', 'reads'],
          ['Writes', 'writes'],
          ['Policies', 'policies'],
          ['Stores', 'stores'],
          ['Response cache', 'response-cache'],
          ['Frameworks', 'frameworks'],
          ['Decorators and NestJS', 'decorators'],
          ['Behind nginx and CDNs', 'proxies'],
          ['Many instances', 'instances'],
          ['GraphQL', 'graphql'],
          ['Files and streams', 'files-and-streams'],
          ['Recipes for databases', 'recipes'],
          ['Testing', 'testing'],
          ['Security', 'security'],
          ['Migration', 'migration'],
        ),
      },
      {
        text: 'In operation',
        items: pages(
          ['Errors and warnings', 'errors'],
          ['Troubleshooting', 'troubleshooting'],
          ['Metrics', 'metrics'],
          ['Dashboard', 'dashboard'],
          ['Audit', 'audit'],
        ),
      },
      {
        text: 'Evidence',
        items: pages(
          ['RFC coverage', 'rfc-coverage'],
          ['Conformance', 'conformance'],
          ['Comparison', 'comparison'],
          ['Other than req.fresh', 'fresh'],
          ['Reliability', 'reliability'],
          ['Performance', 'performance'],
        ),
      },
      {
        text: 'Reference',
        collapsed: true,
        items: SUBPATHS.map((name) => ({
          text: name ? `unstale/${name}` : 'unstale',
          link: `/reference/unstale/${name}`,
        })),
      },
    ],
  },
});
