/** `expectConditional(app)`: what a conditional API should do, asked over HTTP, and told in words where it does not. */
import { leasesOf, type Application, type Lease } from './application.ts';
import { clientOf } from './client.ts';
import {
  checkedClient,
  type ActionOptions,
  type ClientOptions,
  type DeleteOptions,
  type ErrorOptions,
  type ReadOptions,
  type WriteOptions,
} from './options.ts';
import { assertionError, reportOf, type Findings, type Report } from './report.ts';
import { errorStep, readStep, writeStep, type Step } from './steps.ts';

export interface Expecting {
  /** A read: its validators, its 304, HEAD, content codings, If-Match and If-Range. Changes nothing. */
  get(path: string, options?: ReadOptions): Expectation;
  /** A read that is answered with an error: no validators, no invitation to caches, never 304. Changes nothing. */
  error(path: string, options?: ErrorOptions): Expectation;
  /** A write that replaces: refused with a missing, stale, weak or malformed If-Match, carried out with the current tag. Changes data. */
  put<Current>(path: string, options: WriteOptions<Current>): Expectation;
  /** A write that changes a part, checked like `put`. Changes data. */
  patch<Current>(path: string, options: WriteOptions<Current>): Expectation;
  /** An action on a resource, checked like `put`. Changes data. */
  post<Current>(path: string, options?: ActionOptions<Current>): Expectation;
  /** A removal, checked like `put`; `prepare` makes the resource again before each check. Changes data. */
  delete(path: string, options: DeleteOptions): Expectation;
}

/** Begins at once. Resolves when all checks have passed; rejects with an `AssertionError` that says in words what is wrong. */
export interface Expectation extends Promise<Report>, Expecting {
  /** All results as data; a failed check does not reject. */
  report(): Promise<Report>;
}

/** `app` is an application, a listener, a server, or the URL of one. What is not open is opened for the checks, and closed again. */
export function expectConditional(app: Application, options: ClientOptions = {}): Expecting {
  const { headers, timeout } = checkedClient(options);
  const lease = leasesOf(app);

  async function carryOut(step: Step, before: Promise<Findings>, { base, release }: Lease): Promise<Findings> {
    try {
      const earlier = await before;
      const client = clientOf(await base, { ...headers, ...step.headers }, timeout);
      try {
        const found = await step.run(client);
        return { results: [...earlier.results, ...found.results], changes: [...earlier.changes, ...found.changes] };
      } finally {
        client.close();
      }
    } finally {
      await release();
    }
  }

  /** What can be asked after `before`, whose outcome is then told by what follows it. */
  function expecting(before: Promise<Findings>, supersede: () => void): Expecting {
    const method = <Options>(stepOf: (path: string, options?: Options) => Step) => {
      const begin = (path: string, given?: Options): Expectation => {
        const frames = framesAbove(begin);
        const step = stepOf(path, given);
        supersede();
        return expectation(carryOut(step, before, lease()), frames);
      };
      return begin;
    };
    const write = (name: string): ReturnType<typeof method<ActionOptions<never>>> =>
      method((path, given) => writeStep(name, path, given));
    return {
      get: method(readStep),
      error: method(errorStep),
      put: write('PUT'),
      patch: write('PATCH'),
      post: write('POST'),
      delete: write('DELETE'),
    };
  }

  function expectation(findings: Promise<Findings>, frames: string): Expectation {
    const outcome = findings.then((found) => {
      const report = reportOf(found);
      if (!report.passed) throw assertionError(report, frames);
      return report;
    });
    const supersede = (): void => void outcome.catch(() => undefined);
    const report = (): Promise<Report> => {
      supersede();
      return findings.then(reportOf);
    };
    return Object.assign(outcome, expecting(findings, supersede), { report });
  }

  return expecting(Promise.resolve({ results: [], changes: [] }), () => undefined);
}

/** The stack of who called, so that a test runner shows the line of the test. */
function framesAbove(callee: (...args: never[]) => unknown): string {
  const holder = { stack: '' };
  Error.captureStackTrace(holder, callee);
  return holder.stack.slice(holder.stack.indexOf('\n') + 1);
}
