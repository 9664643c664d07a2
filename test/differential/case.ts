/** One question to both sides: the fields of a GET, and the validators of the response that the handler would send. */
import { evaluatePreconditions, parseEntityTag, parseHttpDate, type Validators } from '../../src/index.ts';

/** A list of values is a list of field lines, as they arrive on the socket. */
export interface Case {
  readonly ifMatch?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
  readonly ifNoneMatch?: string | readonly string[] | undefined;
  readonly ifModifiedSince?: string | readonly string[] | undefined;
  readonly cacheControl?: string | undefined;
  readonly etag?: string | undefined;
  /** The field as the handler sets it, or epoch milliseconds, which a handler without unstale is taken to send as `toISOString()`. */
  readonly lastModified?: string | number | undefined;
  /** Where there is no representation, or nothing is known about it; such a case has no validators. */
  readonly representation?: 'absent' | 'unknown' | undefined;
}

export type Status = 200 | 304 | 412;

/** The clock of both sides. */
export const NOW = Date.UTC(2026, 10, 20, 12);

/** What `res.send` of Express gives to fresh. Node joins the lines of If-None-Match, and keeps the first of If-Modified-Since. */
export function questionToFresh(given: Case): [request: object, response: object] {
  const request = {
    'if-none-match': joined(given.ifNoneMatch),
    'if-modified-since': [given.ifModifiedSince].flat()[0],
    'cache-control': given.cacheControl,
  };
  const modified = given.lastModified;
  const lastModified = typeof modified === 'number' ? new Date(modified).toISOString() : modified;
  return [request, { etag: given.etag, 'last-modified': lastModified }];
}

export function unstaleSays(given: Case): Status {
  const headers = {
    'if-match': given.ifMatch,
    'if-unmodified-since': given.ifUnmodifiedSince,
    'if-none-match': given.ifNoneMatch,
    'if-modified-since': given.ifModifiedSince,
    'cache-control': given.cacheControl,
  };
  const { kind } = evaluatePreconditions({ method: 'GET', headers, current: currentOf(given), now: NOW });
  return kind === 'not-modified' ? 304 : kind === 'precondition-failed' ? 412 : 200;
}

/** The lines as one field value, which is how a list field is read (RFC 9110 §5.3). */
export function joined(lines: string | readonly string[] | undefined): string | undefined {
  return typeof lines === 'string' || lines === undefined ? lines : lines.join(', ');
}

const LONGEST_SHOWN = 60;

/** The fields of a case, as they would stand in a trace. */
export function shown(given: Case): string {
  const fields: [name: string, lines: string | readonly string[] | undefined][] = [
    ['If-Match', given.ifMatch],
    ['If-Unmodified-Since', given.ifUnmodifiedSince],
    ['If-None-Match', given.ifNoneMatch],
    ['If-Modified-Since', given.ifModifiedSince],
    ['Cache-Control', given.cacheControl],
    ['ETag', given.etag],
    [
      'Last-Modified',
      typeof given.lastModified === 'number' ? new Date(given.lastModified).toISOString() : given.lastModified,
    ],
  ];
  return fields
    .flatMap(([name, lines]) =>
      lines === undefined ? [] : [lines].flat().map((line) => (line === '' ? `${name}:` : `${name}: ${line}`)),
    )
    .map((line) => (line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line))
    .map((line) => `\`${line.replaceAll('\t', '\\t')}\``)
    .join('<br>');
}

function currentOf({ etag, lastModified, representation }: Case): Validators | null | undefined {
  if (representation !== undefined) return representation === 'absent' ? null : undefined;
  return {
    entityTag: etag === undefined ? undefined : parseEntityTag(etag),
    lastModified: typeof lastModified === 'string' ? parseHttpDate(lastModified, NOW) : lastModified,
  };
}
