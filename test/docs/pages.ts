/** The pages that people read on GitHub and on the site: their headings, their links, their blocks of code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { slugOf } from '../../docs/.vitepress/slug.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const DOCS = join(ROOT, 'docs');

export interface Page {
  /** Its path from the root of the repository. */
  readonly path: string;
  readonly text: string;
  /** Without its blocks of code. */
  readonly prose: string;
  readonly blocks: readonly Block[];
}

export interface Block {
  readonly language: string;
  /** The name behind the language, as in `ts reads/express.ts`. */
  readonly name: string;
  /** What stands behind the name. */
  readonly note: string;
  readonly text: string;
}

const FENCED = /^( *)```(\w*) ?(\S*) ?(.*)\n([^]*?)^\1```$/gm;

export function pageAt(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const blocks = [...text.matchAll(FENCED)].map(([, , language = '', name = '', note = '', code = '']) => ({
    language,
    name,
    note,
    text: code,
  }));
  return { path, text, prose: text.replaceAll(FENCED, ''), blocks };
}

/** Everything in Markdown that is written by hand. */
export const PAGES: readonly Page[] = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'examples/README.md',
  ...readdirSync(DOCS)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map(pageAt);

/** The anchors of a page: its headings, those of one name numbered. */
export function anchorsOf({ prose }: Page): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = slugOf(plain(heading));
    let anchor = slug;
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** A heading as it reads: without backquotes, and of a link its text. */
function plain(heading: string): string {
  return heading.replaceAll('`', '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}

/** What is wrong with a page's links to files of this repository and to headings in them. */
export function brokenLinks(page: Page, pages: readonly Page[] = PAGES): string[] {
  const prose = page.prose.replaceAll(/`[^`\n]*`/g, '');
  const targets = [
    ...prose.matchAll(
      /\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|(?:src|href|srcset)="([^"]+)"|^\[[^\]]+\]: (\S+)|^ +link: (\S+)/gm,
    ),
  ].map(([, link, attribute, reference, ofHome]) => link ?? attribute ?? reference ?? ofHome ?? '');
  return targets.filter((target) => !/^[a-z]+:/.test(target) && !isThere(page, target, pages));
}

function isThere(page: Page, target: string, pages: readonly Page[]): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page.path : relative(ROOT, join(ROOT, dirname(page.path), path));
  if (!existsSync(join(ROOT, file))) return false;
  if (anchor === undefined) return true;
  const linked = pages.find((each) => each.path === file);
  return linked !== undefined && anchorsOf(linked).has(anchor);
}
