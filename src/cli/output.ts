/** Where a command writes to: what it needs of `process.stdout`, and how text is coloured there. */
import { styleText } from 'node:util';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/** Colours on a terminal, but not with NO_COLOR (no-color.org); FORCE_COLOR has them everywhere. */
export function paintFor(output: Output, env: Readonly<Record<string, string | undefined>>): Paint {
  const forced = env['FORCE_COLOR'];
  const plain = (env['NO_COLOR'] ?? '') !== '' || env['NODE_DISABLE_COLORS'] !== undefined || env['TERM'] === 'dumb';
  const coloured = forced === undefined ? output.isTTY === true && !plain : forced !== '0';
  return coloured ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}
