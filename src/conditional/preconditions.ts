/** Precondition evaluation in the order of RFC 9110 §13.2.2. Pure: values in, a decision out, and nothing throws on a field value. */
import {
  isJust,
  MAX_FIELD_LENGTH,
  parseEntityTag,
  readEntityTagList,
  strongMatch,
  weakMatch,
  type EntityTag,
} from '../http/entity-tag.ts';
import { parseHttpDate } from '../http/http-date.ts';
import { isRead, isUnsafe, needsResource } from '../http/methods.ts';
import { lastModifiedOf, type Validators } from '../validators/validators.ts';
import { requestOf, type ConditionalRequest, type RequestFields } from './request-fields.ts';

export type PreconditionField = 'If-Match' | 'If-Unmodified-Since' | 'If-None-Match';

export type Decision =
  | { readonly kind: 'proceed' }
  /** Proceed, and answer with the whole representation: If-Range does not hold (RFC 9110 §13.1.5). */
  | { readonly kind: 'ignore-range' }
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'precondition-failed'; readonly field: PreconditionField };

export interface PreconditionRequest {
  readonly method: string;
  readonly headers: RequestFields;
  /** The validators of the current representation, `null` when there is none, `undefined` when nothing is known. */
  readonly current: Validators | null | undefined;
  /** The origin's clock in epoch milliseconds. */
  readonly now?: number;
}

/** The forms in which a client's tag may name the current one; more than one where a content coding or an intermediary changed it. */
export type TagReader = (tag: EntityTag) => readonly EntityTag[];

const PROCEED: Decision = { kind: 'proceed' };
const IGNORE_RANGE: Decision = { kind: 'ignore-range' };
const NOT_MODIFIED: Decision = { kind: 'not-modified' };

/** What the preconditions of a request ask for, given the current representation. */
export function evaluatePreconditions({ method, headers, current, now }: PreconditionRequest): Decision {
  return evaluate(requestOf(method, headers), current, now);
}

/** The same for a request that looks up its own fields, and with the readings of a client's tag that the caller accepts. */
export function evaluate(
  request: ConditionalRequest,
  current: Validators | null | undefined,
  now?: number,
  readings?: TagReader,
): Decision {
  const { method } = request;
  const read = isRead(method);
  if (!read && !isUnsafe(method)) return PROCEED;
  // Without a representation these answer 404, which leaves nothing to evaluate (§13.2.1).
  if (current === null && (read || needsResource(method))) return PROCEED;
  const lastModified = current?.lastModified === undefined ? undefined : lastModifiedOf(current, now ?? Date.now());

  const ifMatch = request.header('if-match');
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, current, read, readings)) return failed('If-Match');
  } else {
    const since = dateOf(request.header('if-unmodified-since'), now);
    if (since !== undefined && lastModified !== undefined && lastModified > since) return failed('If-Unmodified-Since');
  }

  const ifNoneMatch = request.header('if-none-match');
  if (ifNoneMatch !== undefined) {
    if (!matchesNone(ifNoneMatch, current, read, readings)) return read ? NOT_MODIFIED : failed('If-None-Match');
  } else if (read) {
    const since = dateOf(request.header('if-modified-since'), now);
    if (since !== undefined && lastModified !== undefined && lastModified <= since) return NOT_MODIFIED;
  }

  const ifRange = method === 'GET' && request.header('range') !== undefined ? request.header('if-range') : undefined;
  if (ifRange !== undefined && !rangeHolds(ifRange, current, lastModified, now)) return IGNORE_RANGE;
  return PROCEED;
}

/** Whether an If-Range is false whatever the current representation is: a weak tag, a list, neither tag nor date. */
export function neverHolds(ifRange: string, now: number): boolean {
  const tag = parseEntityTag(ifRange);
  return tag ? tag.weak : parseHttpDate(ifRange, now) === undefined;
}

/** If-Match (§13.1.1). Writes fail closed: unknown validators and a field without one legal member are false. */
function matches(value: string, current: Validators | null | undefined, read: boolean, readings?: TagReader): boolean {
  const tag = current?.entityTag;
  if (tag && !tag.weak && isJust(value, tag)) return true;
  const { any, tags } = readEntityTagList(value);
  if (current === undefined) return read;
  if (any) return current !== null;
  if (tags.length === 0 && value.length <= MAX_FIELD_LENGTH && read) return true;
  return tag !== undefined && lists(tags, tag, strongMatch, readings);
}

/** If-None-Match (§13.1.2). On writes a member that cannot be read, or validators that are not known, make it false. */
function matchesNone(
  value: string,
  current: Validators | null | undefined,
  read: boolean,
  readings?: TagReader,
): boolean {
  const tag = current?.entityTag;
  if (tag && isJust(value, tag)) return false;
  const { any, tags, malformed } = readEntityTagList(value, tag);
  if (malformed && !read) return false;
  if (current === undefined) return read || (!any && tags.length === 0);
  if (any) return current === null;
  return tag === undefined || !lists(tags, tag, weakMatch, readings);
}

function lists(tags: readonly EntityTag[], tag: EntityTag, match: typeof weakMatch, readings?: TagReader): boolean {
  for (const listed of tags)
    if (readings ? readings(listed).some((reading) => match(reading, tag)) : match(listed, tag)) return true;
  return false;
}

/** If-Range (§13.1.5): one strong tag, or exactly the date of a modification that lies at least a second back. */
function rangeHolds(
  value: string,
  current: Validators | null | undefined,
  lastModified: number | undefined,
  now: number = Date.now(),
): boolean {
  const tag = parseEntityTag(value);
  if (tag) return current?.entityTag !== undefined && strongMatch(tag, current.entityTag);
  const date = parseHttpDate(value, now);
  return date !== undefined && date === lastModified && lastModified <= now - 1000;
}

function dateOf(value: string | undefined, now?: number): number | undefined {
  return value === undefined ? undefined : parseHttpDate(value, now);
}

function failed(field: PreconditionField): Decision {
  return { kind: 'precondition-failed', field };
}
