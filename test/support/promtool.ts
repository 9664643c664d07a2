/** Prometheus's own checker of rules: found, or fetched as a signed Debian package into node_modules/.cache. */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { debianProgram } from './debian.ts';

const HELP = `No promtool to check the alert rules with. Any one of these will do:
  - PROMTOOL=/path/to/promtool npm test
  - put promtool on PATH (apt-get install prometheus | brew install prometheus)
`;

/** `undefined` where there is none, and none can be fetched. */
export function findPromtool(): string | undefined {
  const given = process.env['PROMTOOL'];
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`PROMTOOL=${given}: no such file\n${HELP}`);
    return given;
  }
  const dirs = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const onPath = dirs.map((dir) => join(dir, 'promtool')).find((path) => existsSync(path));
  if (onPath !== undefined) return onPath;
  const cache = join(process.cwd(), 'node_modules', '.cache', 'prometheus');
  try {
    const { program } = debianProgram({ name: 'prometheus', cache, fallback: ['prometheus'], alone: true, help: HELP });
    return join(dirname(program), 'promtool');
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    return undefined;
  }
}
