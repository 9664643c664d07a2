/** `npm run cache-tests [-- id | --record]`: the suite against our proxy; one test with what went over the wire; or the results, written down. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { summaryOf } from './expected.ts';
import { runCacheTests } from './run.ts';

const [argument = ''] = process.argv.slice(2);
const results = await runCacheTests(argument === '--record' ? '' : argument);
if (typeof results === 'string') console.log(results);
else {
  const { lines, recorded } = await summaryOf(results);
  console.log(lines.join('\n'));
  if (argument === '--record')
    writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(recorded, null, 2)}\n`);
}
