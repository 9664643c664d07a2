/** One way in which `unstale` and `fresh` disagree. */
import type { Case, Status } from './case.ts';

export interface Disagreement {
  /** What is special about the request or the response, in Markdown. */
  readonly name: string;
  /** The RFC and its section, as `RFC 9110 §13.1.2`. */
  readonly clause: string;
  readonly why: string;
  readonly example: Case;
  /** The answers to the example. */
  readonly fresh: Status;
  readonly unstale: Status;
  /** With other values it is the other side that says 304. */
  readonly bothWays?: true;
  /** The same question in words that fresh reads as the RFC does, or `undefined` where the case has nothing of this kind. */
  inOtherWords(given: Case): Case | undefined;
}
