/** `npm run docs:tables` writes the pages that are made of tables; with `--print` the one that is measured goes to standard output, and nothing is written. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonPage } from './comparison-page.ts';
import { measured } from './comparison.ts';
import { DOCS } from './pages.ts';
import { rfcPage } from './rfc-page.ts';

process.env['TZ'] = 'America/St_Johns'; // as in jest.config.ts

const comparison = comparisonPage(await measured());
if (process.argv.includes('--print')) process.stdout.write(comparison, () => process.exit());
else {
  writeFileSync(join(DOCS, 'rfc-coverage.md'), rfcPage());
  writeFileSync(join(DOCS, 'comparison.md'), comparison);
  process.exit(); // apicache leaves timers
}
