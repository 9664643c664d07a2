/** `unstale/testing`: checks of what a conditional API should do, for test suites of any runner. */
export { expectConditional, type Expectation, type Expecting } from './testing/expectation.ts';
export type { Fields } from './testing/answer.ts';
export type { Application } from './testing/application.ts';
export type { Body } from './testing/body.ts';
export type { Result, Verdict } from './testing/check.ts';
export type { ErrorCheck, ReadCheck, WriteCheck } from './testing/checks.ts';
export type {
  ActionOptions,
  ClientOptions,
  DeleteOptions,
  ErrorOptions,
  ReadOptions,
  WriteOptions,
} from './testing/options.ts';
export type { Report } from './testing/report.ts';
