/** A Chromium for the browser tests: named, found on PATH, or unpacked from Debian's signed packages into node_modules/.cache. */
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { debianProgram } from '../../support/debian.ts';

export interface ChromiumBinary {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  readonly origin: string;
}

const CACHE = join(process.cwd(), 'node_modules', '.cache', 'chromium');
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export const HELP = `No Chromium for the browser tests. Any one of these will do:
  - CHROMIUM=/path/to/chromium npm run test:browser   (any browser that Chromium's flags start)
  - put chromium or google-chrome on PATH             (apt-get install --no-install-recommends chromium)
  - on Debian and Ubuntu with apt-get and dpkg-deb, the tests unpack one for themselves, without root
`;

/** Throws HELP where there is none and none can be fetched. */
export function findChromium(): ChromiumBinary {
  const given = process.env['CHROMIUM'];
  if (given) {
    if (!existsSync(given)) throw new Error(`CHROMIUM=${given}: no such file\n${HELP}`);
    return { executable: given, env: {}, origin: 'CHROMIUM' };
  }
  for (const name of NAMES) {
    for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
      if (dir && existsSync(join(dir, name))) return { executable: join(dir, name), env: {}, origin: 'PATH' };
    }
  }
  return fromDebian();
}

/** usr/bin/chromium is a script that names absolute paths; the program is beside it. */
function fromDebian(): ChromiumBinary {
  const fallback = ['chromium', 'chromium-common'];
  const { env } = debianProgram({ name: 'chromium', cache: CACHE, fallback, help: HELP });
  const root = join(CACHE, 'root');
  return {
    executable: join(root, 'usr', 'lib', 'chromium', 'chromium'),
    env: { LD_LIBRARY_PATH: withSubfolders(env['LD_LIBRARY_PATH'] ?? ''), ...fonts(root) },
    origin: CACHE,
  };
}

/** Libraries of Debian's that other libraries find by their absolute path: PulseAudio's. */
function withSubfolders(path: string): string {
  const subfolders = path.split(delimiter).map((dir) => join(dir, 'pulseaudio'));
  return [path, ...subfolders.filter((dir) => existsSync(dir))].join(delimiter);
}

/** On a machine without fonts, those that came with it. */
function fonts(root: string): Record<string, string> {
  if (existsSync('/etc/fonts/fonts.conf')) return {};
  const file = join(root, 'fonts.conf');
  const dir = join(root, 'usr', 'share', 'fonts');
  writeFileSync(file, `<fontconfig><dir>${dir}</dir><cachedir>${join(root, 'font-cache')}</cachedir></fontconfig>\n`);
  return { FONTCONFIG_FILE: file };
}
