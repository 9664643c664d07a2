// The page of dashboard(), its style and its script in one module, so that ESM, CommonJS and tsx all find it: src/dashboard/page-text.ts.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync, transformSync } from 'esbuild';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path) => readFileSync(at(path), 'utf8');
const PAGE = 'src/dashboard/page';
const MODULE = 'src/dashboard/page-text.ts';

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const hashed = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What docs/errors.md says of each kind of misuse, for a page that leads to no other host. */
function codes() {
  const known = [...read('src/misuse.ts').matchAll(/^ {2}(ERR_UNSTALE_\w+):/gm)].map(([, code]) => code);
  return known.map((code) => {
    const [, text] = new RegExp(`^## ${code}\n\n(.*?)(?=^## |(?![\\s\\S]))`, 'ms').exec(read('docs/errors.md')) ?? [];
    if (text === undefined) throw new Error(`docs/errors.md has no section ${code}`);
    const paragraphs = text
      .trim()
      .split('\n\n')
      .map((paragraph) => `<p>${marked(paragraph.replaceAll('\n', ' '))}</p>`);
    return `<details id="${code.toLowerCase()}"><summary>${code}</summary>${paragraphs.join('')}</details>`;
  });
}

function marked(text) {
  const withoutLinks = text.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1'); // they lead into the docs, which are not here
  return escaped(withoutLinks).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function script() {
  const options = { bundle: true, minify: true, format: 'esm', target: 'es2022', charset: 'utf8', write: false };
  const [file] = buildSync({ ...options, entryPoints: [at(`${PAGE}/main.js`)] }).outputFiles;
  return file.text.trim().replaceAll('</', String.raw`<\/`);
}

export function pageModule() {
  const style = transformSync(read(`${PAGE}/style.css`), { loader: 'css', minify: true, charset: 'utf8' }).code.trim();
  const code = script();
  const html = read(`${PAGE}/index.html`)
    .replaceAll(/\n\s*/g, '\n')
    .replace(/\/\* style\.css \*\//, () => style)
    .replace(/\/\* main\.js \*\//, () => code)
    .replace('<!-- codes -->', () => codes().join('\n'))
    .replace(/<(style|script type="module")>\n/g, '<$1>')
    .replaceAll(/\n<\/(style|script)>/g, '</$1>');
  const policy = [
    "default-src 'none'",
    `script-src ${hashed(code)}`,
    `style-src ${hashed(style)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const tag = createHash('sha256').update(html).digest('base64url').slice(0, 16);
  return `/** The page of \`dashboard()\`, made of src/dashboard/page by scripts/inline-page.mjs. */
export const PAGE: { readonly html: string; readonly policy: string; readonly tag: string } = ${JSON.stringify({ html, policy, tag })};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(at(MODULE), pageModule());
