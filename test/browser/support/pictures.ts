/** Pictures for the docs, light and dark. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { repacked } from './png.ts';

export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

const FOLDER = join(process.cwd(), 'docs', 'images');
const LIMIT = 200 * 1024;

/** Takes `docs/images/<name>-<scheme>.png`; throws when it is too large for a page of docs. */
export async function takePicture(of: Page | Locator, name: string, scheme: Scheme): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}-${scheme}.png`);
  const picture = repacked(await of.screenshot({ animations: 'disabled', caret: 'hide' }));
  if (picture.length > LIMIT)
    throw new Error(`${path} has ${picture.length} bytes, more than ${LIMIT}: take less of the page`);
  writeFileSync(path, picture);
  return path;
}
