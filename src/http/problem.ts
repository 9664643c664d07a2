/** Problem details (RFC 9457): what a refused request is told, in words for the developer and in members for the program. */

export const PROBLEM_TYPE = 'application/problem+json';

export type ProblemStatus = 404 | 409 | 412 | 428 | 500 | 503;

/** The body of a refusal, sent as `application/problem+json`. */
export interface Problem {
  /** A name for the kind of problem; it does not resolve to a page. */
  readonly type: string;
  readonly title: string;
  readonly status: ProblemStatus;
  readonly detail: string;
  /** The precondition that failed, or that is missing. */
  readonly field?: string;
  /** The current entity tag, where the caller may read it. */
  readonly etag?: string;
}

const KINDS: Record<ProblemStatus, readonly [name: string, title: string]> = {
  404: ['not-found', 'Not Found'],
  409: ['write-in-flight', 'Conflict'],
  412: ['precondition-failed', 'Precondition Failed'],
  428: ['precondition-required', 'Precondition Required'],
  500: ['outcome-unknown', 'Outcome Unknown'],
  503: ['unavailable', 'Service Unavailable'],
};

export function problem(status: ProblemStatus, detail: string, members: Pick<Problem, 'field' | 'etag'> = {}): Problem {
  const [name, title] = KINDS[status];
  return { type: `urn:problem-type:unstale:${name}`, title, status, detail, ...members };
}
