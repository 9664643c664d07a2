/** After a build: every link inside the site leads to a page and to an anchor that are there, and no page asks another host for anything. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, posix, relative } from 'node:path';

const SITE = join(import.meta.dirname, '.vitepress', 'dist');
const BASE = process.env.DOCS_BASE ?? '/';

const files = readdirSync(SITE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(SITE, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
const text = new Map(
  files
    .filter((file) => ['.html', '.css', '.js'].includes(extname(file)))
    .map((file) => [file, readFileSync(join(SITE, file), 'utf8')]),
);
const problems = [];

/** What is loaded for a page, as opposed to what its reader may go to. */
const LOADED = [
  /<(?:script|img|iframe|source|video|audio|embed|input)\b[^>]*?\s(?:src|srcset|poster)="([^"]+)"/g,
  /<link\b[^>]*?\shref="([^"]+)"/g,
  /url\(\s*["']?([^"')]+)/g,
  /@import\s+(?:url\()?["']([^"']+)/g,
  /\b(?:fetch|import|importScripts)\(\s*["'`]([^"'`]+)/g,
  /new (?:Image|WebSocket|EventSource|Worker)\(\s*["'`]([^"'`]+)/g,
];

/** The theme has this for the icons of social links, and there are none: see below. */
const UNUSED = 'https://api.iconify.design/';

for (const [file, content] of text) {
  const code = extname(file) === '.html' ? content.replaceAll(/<(pre|code)\b[^]*?<\/\1>/g, '') : content;
  for (const pattern of LOADED)
    for (const [, url] of code.matchAll(pattern))
      if (/^(?:[a-z]+:)?\/\//i.test(url) && !url.startsWith(UNUSED)) problems.push(`${file} loads ${url}`);
}

if ([...text].some(([file, content]) => file.endsWith('.html') && content.includes('VPSocialLink')))
  problems.push('there are social links, whose icons come from another host');

const anchors = new Map(
  [...text]
    .filter(([file]) => file.endsWith('.html'))
    .map(([file, content]) => [file, new Set([...content.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => decode(id)))]),
);

for (const [file, content] of text) {
  if (!file.endsWith('.html') || file === '404.html') continue;
  for (const [, href] of content.matchAll(/<a\b[^>]*?\shref="([^"]+)"/g)) {
    const link = decode(href);
    if (/^[a-z]+:/i.test(link)) continue;
    const [path, anchor] = link.split('#');
    const target = targetOf(file, path);
    if (!anchors.has(target) && !files.includes(target)) problems.push(`${file} links to ${link}, which is not there`);
    else if (anchor && !anchors.get(target)?.has(decodeURIComponent(anchor)))
      problems.push(`${file} links to ${link}, and the page has no such anchor`);
  }
}

function targetOf(from, path) {
  if (path === '') return from;
  const whole = path.startsWith(BASE) ? path.slice(BASE.length) : posix.join(dirname(from), path);
  if (whole === '' || whole.endsWith('/')) return posix.join(whole, 'index.html');
  return extname(whole) === '' ? `${whole}.html` : whole;
}

function decode(attribute) {
  return attribute
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

if (problems.length > 0) {
  console.error([...new Set(problems)].join('\n'));
  process.exit(1);
}
console.log(`${anchors.size} pages: every link and anchor is there, and nothing is loaded from another host`);
