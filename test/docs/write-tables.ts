/** `npm run docs:tables`: the pages that are made of tables. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonPage } from './comparison-page.ts';
import { measured } from './comparison.ts';
import { DOCS } from './pages.ts';
import { rfcPage } from './rfc-page.ts';

writeFileSync(join(DOCS, 'rfc-coverage.md'), rfcPage());
writeFileSync(join(DOCS, 'comparison.md'), comparisonPage(await measured()));
