/** The server process as one file of JavaScript: it starts in a moment, and it is started again and again. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

export async function bundleServer(): Promise<{ readonly file: string; remove(): void }> {
  const directory = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'torture'); // where its packages are found
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `server-${process.pid}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, 'server.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return { file, remove: () => rmSync(file, { force: true }) };
}
