/** What a terminal shows as an SVG, out of text with the escape sequences of colours. */
import { stripVTControlCharacters } from 'node:util';

const ROW = 18;
const LETTER = 8;
const MARGIN = 18;
const TOP = 46;

/** SGR parameters, and what they do here. */
const STYLES: Readonly<Record<string, string>> = {
  '1': 'b',
  '2': 'd',
  '31': 'r',
  '32': 'g',
  '33': 'y',
  '36': 'c',
};
const ENDS: Readonly<Record<string, readonly string[]>> = { '22': ['b', 'd'], '39': ['r', 'g', 'y', 'c'] };

const CSS = `text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d7dce2;white-space:pre}
.b{font-weight:700;fill:#fff}.d{fill:#8b95a1}.r{fill:#ff7b72}.g{fill:#56d364}.y{fill:#e3b341}.c{fill:#79c0ff}`;

export function terminalSvg(command: string, output: string): string {
  const lines = [...`\x1b[32m$\x1b[39m ${command}`.split('\n'), '', ...output.trimEnd().split('\n')];
  const plain = lines.map((line) => stripVTControlCharacters(line).length);
  const width = Math.ceil(2 * MARGIN + Math.max(...plain) * LETTER);
  const height = TOP + lines.length * ROW + MARGIN / 2;
  const rows = lines.map((line, i) => `<text x="${MARGIN}" y="${TOP + i * ROW + 6}">${spans(line)}</text>`);
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, i) => `<circle cx="${MARGIN + 4 + i * 18}" cy="17" r="5.5" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<title id="title">The output of unstale audit in a terminal</title>
<style>${CSS}</style>
<rect width="${width}" height="${height}" rx="9" fill="#161b22"/>
${dots.join('')}
${rows.join('\n')}
</svg>
`;
}

/** A line with its colours as elements. */
function spans(line: string): string {
  const on = new Set<string>();
  let text = '';
  for (const [i, part] of line.split('\x1b[').entries()) {
    const end = i === 0 ? -1 : part.indexOf('m');
    const code = part.slice(0, Math.max(end, 0));
    const style = STYLES[code];
    if (style !== undefined) on.add(style);
    else for (const ended of ENDS[code] ?? []) on.delete(ended);
    const shown = part
      .slice(end + 1)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;');
    text += on.size > 0 && shown !== '' ? `<tspan class="${[...on].join(' ')}">${shown}</tspan>` : shown;
  }
  return text;
}
