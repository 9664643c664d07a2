/** What an audit says about one check: the verdict, why, and what to do. */
import type { Result } from '../testing/check.ts';
import { linkTo } from '../testing/report.ts';

export type Level = 'ok' | 'warning' | 'error' | 'not-applicable';

interface Checked {
  readonly id: string;
  readonly group: string;
  readonly sentence: string;
  /** `RFC 9110 §13.1.2`, and where it stands. */
  readonly rfc: string;
  readonly rfcUrl: string;
  /** Where the check is explained, with its repair. */
  readonly docs: string;
}

export type Finding = Checked &
  (
    | { readonly level: 'ok' }
    | { readonly level: 'not-applicable'; readonly reason: string }
    | {
        readonly level: 'warning' | 'error';
        readonly expected: string;
        readonly received: string;
        readonly repair: string;
      }
  );

/** A MUST of which nobody loses anything today: clients that are about do not send it, or do not mind. */
const LESSER: ReadonlySet<string> = new Set([
  'if-none-match-malformed',
  'if-modified-since',
  'if-modified-since-older',
  'if-modified-since-invalid',
  'if-match-other',
  'if-unmodified-since',
  'error-validators',
  'error-cache-control',
  'write-required',
  'write-problem',
]);

/** Where the words of the testing kit do not fit a command line. */
const REPAIRS: Readonly<Record<string, string>> = {
  'write-new-tag':
    'Who holds the old tag may overwrite what was saved: change the version with every write. If the content was the same as before, give another in each write: {{n}} in --body, or several --body',
  'write-required':
    'Who forgets If-Match overwrites what somebody else has saved: mount guard(current) on the route. Where that is meant, --skip write-required',
  'error-cache-control':
    'Choose Cache-Control when the status is known, as cacheControl() does. For an error on purpose, --skip error-cache-control',
  'error-status': 'Name the URL of something that is not there',
};

/** Options of the testing kit, and how the same is said to the audit. */
const FLAGS: Readonly<Record<string, string>> = { '`headers`': '--header', '`body`': '--body', '`except`': '--skip' };

export function findingOf(result: Result, group: string): Finding {
  const { id, sentence, rfc } = result;
  const checked = { id, group, sentence, rfc, rfcUrl: linkTo(rfc), docs: `docs/audit.md#${id}` };
  if (result.kind === 'passed') return { ...checked, level: 'ok' };
  if (result.kind === 'skipped') return { ...checked, level: 'not-applicable', reason: inFlags(result.reason) };
  const { expected, received, hint, requirement } = result;
  const level = requirement === 'should' || LESSER.has(id) ? 'warning' : 'error';
  return { ...checked, level, expected, received, repair: REPAIRS[id] ?? inFlags(hint) };
}

function inFlags(text: string): string {
  return Object.entries(FLAGS).reduce((said, [option, flag]) => said.replaceAll(option, flag), text);
}
