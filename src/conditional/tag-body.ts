/** The layer behind `etag()`: a validator out of the finished body, for every response that has none of its own (RFC 9110 §8.8.3). */
import { isContent, type Content, type Exchange, type HttpResponse, type Layer } from '../exchange.ts';
import { parseCacheControl } from '../http/cache-directives.ts';
import { isContentDigest } from '../http/content-digest.ts';
import { formatEntityTag, parseEntityTag } from '../http/entity-tag.ts';
import { parseHttpDate } from '../http/http-date.ts';
import { isRead } from '../http/methods.ts';
import { OF_A_PART } from '../http/request-conditions.ts';
import { warnOnce } from '../misuse.ts';
import { checkBoolean, checkOptions, parseSize } from '../options.ts';
import { checkAlgorithm, opaqueOf } from '../validators/digest.ts';
import { answerAfterHandler, isSuccess, withoutValidators } from './after-handler.ts';
import { stagedForSuccess } from './answer.ts';
import { neverHolds } from './preconditions.ts';
import { withoutDigest } from './validator-fields.ts';

export interface EtagOptions {
  /** Weak tags, the default: a compressor further out may change the bytes. */
  readonly weak?: boolean;
  /** The largest body that is held to be tagged, in bytes or as a text. Default `'1mb'`. */
  readonly limit?: number | string;
  /** A digest of `node:crypto` by name. Default SHA-1, as Express does: its own tag is then taken over and nothing is hashed twice. */
  readonly algorithm?: string;
}

const WHERE = 'etag(options)';

/** The tag that a response gets: the one that it has, none, or one with this opaque text. */
type Opaque = 'kept' | 'none' | { readonly text: string };

/** Tags 2xx answers to reads and answers their preconditions; everything else loses the framework's hash of its body. */
export function etag(options: EtagOptions = {}): Layer {
  checkOptions(WHERE, options, ['weak', 'limit', 'algorithm']);
  const { weak = true, limit = '1mb', algorithm } = options;
  checkBoolean(WHERE, 'weak', weak);
  const size = parseSize(WHERE, 'limit', limit);
  if (algorithm !== undefined) checkAlgorithm(WHERE, algorithm);

  return (exchange, next) => {
    const read = isRead(exchange.method);
    if (read) claim(exchange);
    const staged = stagedForSuccess(exchange.staged);
    return next((response) => {
      if (response.status === 304) return response;
      if (!isSuccess(response.status)) return withoutValidators(response, staged);
      if (!read) return withoutDigest(response);
      const opaque = opaqueFor(response);
      if (opaque instanceof Promise) return opaque.then((found) => answered(exchange, response, found));
      return answered(exchange, response, opaque);
    });
  };

  function answered(exchange: Exchange, response: HttpResponse, opaque: Opaque): HttpResponse {
    if (opaque === 'none') response.headers.delete('ETag');
    else if (opaque !== 'kept') response.headers.set('ETag', formatEntityTag({ opaque: opaque.text, weak }));
    return answerAfterHandler(exchange, response, { acceptMangled: false });
  }

  function opaqueFor(response: HttpResponse): Opaque | Promise<Opaque> {
    const given = response.headers.get('ETag');
    const own = given === undefined ? undefined : parseEntityTag(given);
    if (given !== undefined && !(own && isContentDigest(own))) return 'kept'; // the application's own tag
    if (!isTaggable(response)) return 'none';
    // The framework's own hash is as good, unless a layer has put another body in place of the one it was made from.
    if (own && algorithm === undefined && !isContent(response.body))
      return own.weak === weak ? 'kept' : { text: own.opaque };
    const content = contentOf(response);
    return content instanceof Promise ? content.then((found) => hashed(response, found)) : hashed(response, content);
  }

  /** An answer to HEAD may announce content that it does not have: then there is nothing to hash. */
  function hashed({ headers }: HttpResponse, content: Content | undefined): Opaque {
    const length = headers.get('Content-Length');
    if (content === undefined || (length !== undefined && Number(length) !== Buffer.byteLength(content))) return 'none';
    return { text: opaqueOf(content, algorithm) };
  }

  function isTaggable({ status, headers }: HttpResponse): boolean {
    if (status === 204 || status === 206 || Number(headers.get('Content-Length') ?? 0) > size) return false;
    if (headers.get('Content-Type')?.toLowerCase().startsWith('text/event-stream')) return false;
    return !parseCacheControl(headers.get('Cache-Control') ?? '').noStore;
  }

  function contentOf({ headers, body }: HttpResponse): Content | undefined | Promise<Content | undefined> {
    if (headers.get('Content-Encoding') !== undefined) warnOnce('ERR_UNSTALE_ENCODED_BODY', options, WHERE);
    if (isContent(body)) return Buffer.byteLength(body) > size ? undefined : body;
    return body?.content(size);
  }
}

/** Keeps the framework from deciding first, and takes from its sight what has to be ignored anyway (RFC 9110 §13.1.3, §13.1.5). */
function claim(exchange: Exchange): void {
  if (exchange.preconditions === 'open') exchange.preconditions = 'claimed';
  for (const name of ['if-modified-since', 'if-unmodified-since']) {
    const value = exchange.header(name);
    if (value !== undefined && parseHttpDate(value) === undefined) exchange.hide(name);
  }
  const ifRange = exchange.header('if-range');
  if (ifRange !== undefined && neverHolds(ifRange, Date.now())) exchange.hide(...OF_A_PART);
}
