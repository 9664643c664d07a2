/** What is looked at in one step: a read, an error, or a write, each with its checks. */
import type { Answer, Fields } from './answer.ts';
import { describeRequest, isSuccess } from './answer.ts';
import { runChecks } from './check.ts';
import { ERROR, READ, WRITE } from './checks.ts';
import type { Client } from './client.ts';
import {
  checkedError,
  checkedRead,
  checkedWrite,
  type ActionOptions,
  type CheckedError,
  type ErrorOptions,
  type ReadOptions,
} from './options.ts';
import type { Findings } from './report.ts';
import { resourceAt } from './resource.ts';
import { targetAt } from './target.ts';

export interface Step {
  /** Request fields of the user. */
  readonly headers: Fields;
  run(client: Client): Promise<Findings>;
}

export function readStep(path: string, options: ReadOptions = {}): Step {
  const { headers, missing, except } = checkedRead(path, options);
  return {
    headers,
    async run(client) {
      const results = await runChecks(`GET ${path}`, READ, resourceAt(client, path), except);
      if (missing === undefined) return { results, changes: [] };
      const errors = await errorFindings(client, { path: missing, headers, status: undefined, except });
      return { results: [...results, ...errors.results], changes: [] };
    },
  };
}

export function errorStep(path: string, options: ErrorOptions = {}): Step {
  const checked = checkedError(path, options);
  return { headers: checked.headers, run: (client) => errorFindings(client, checked) };
}

async function errorFindings(client: Client, { path, status, except }: CheckedError): Promise<Findings> {
  const failing = { ...resourceAt(client, path), status };
  return { results: await runChecks(`GET ${path}`, ERROR, failing, except), changes: [] };
}

export function writeStep(method: string, path: string, options: ActionOptions<never> = {}): Step {
  const { headers, except, ...writing } = checkedWrite(method, path, options);
  return {
    headers,
    async run(client) {
      const target = targetAt(client, writing);
      const results = await runChecks(`${method} ${path}`, WRITE, target, except);
      return { results, changes: target.answers.filter(isSuccess).map(change) };
    },
  };
}

const change = (answer: Answer): string => describeRequest({ ...answer, asked: {} });
