/** `npm run cache-tests [-- id | --record]`: the suite against our proxy; one test with what went over the wire; or the results, written down. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { summaryOf } from './expected.ts';
import { runCacheTests, traceOf } from './run.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const [argument = ''] = process.argv.slice(2);
if (argument !== '' && argument !== '--record') say(await traceOf(argument));
else {
  const { lines, recorded } = await summaryOf(await runCacheTests());
  say(lines.join('\n'));
  if (argument === '--record')
    writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(recorded, null, 2)}\n`);
}
