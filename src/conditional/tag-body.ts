/** The layer behind `etag()`: a validator out of the finished body, for every response that has none of its own (RFC 9110 §8.8.3). */
import type { Exchange, HttpResponse, Layer } from '../exchange.ts';
import { parseCacheControl } from '../http/cache-directives.ts';
import { isContentDigest } from '../http/content-digest.ts';
import { formatEntityTag, parseEntityTag } from '../http/entity-tag.ts';
import { parseHttpDate } from '../http/http-date.ts';
import { isRead } from '../http/methods.ts';
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

/** Tags 2xx answers to reads and answers their preconditions; everything else loses the framework's hash of its body. */
export function etag(options: EtagOptions = {}): Layer {
  checkOptions(WHERE, options, ['weak', 'limit', 'algorithm']);
  const { weak = true, limit = '1mb', algorithm } = options;
  checkBoolean(WHERE, 'weak', weak);
  const size = parseSize(WHERE, 'limit', limit);
  if (algorithm !== undefined) checkAlgorithm(WHERE, algorithm);

  return async (exchange, next) => {
    const read = isRead(exchange.method);
    if (read) claim(exchange);
    const staged = stagedForSuccess(exchange.staged);
    const response = await next();
    if (response.status === 304) return response;
    if (!isSuccess(response.status)) return withoutValidators(response, staged);
    if (!read) {
      withoutDigest(response.headers);
      return response;
    }
    await tag(response);
    return answerAfterHandler(exchange, response, { acceptMangled: false });
  };

  async function tag(response: HttpResponse): Promise<void> {
    const { headers } = response;
    const given = headers.get('ETag');
    const own = given === undefined ? undefined : parseEntityTag(given);
    if (given !== undefined && !(own && isContentDigest(own))) return; // the application's own tag
    // The framework's own hash is as good, unless a layer has put another body in place of the one it was made from.
    const taken = algorithm === undefined && typeof response.body !== 'string' ? own?.opaque : undefined;
    const opaque = isTaggable(response) ? (taken ?? (await hashed(response))) : undefined;
    if (opaque === undefined) headers.delete('ETag');
    else headers.set('ETag', formatEntityTag({ opaque, weak }));
  }

  function isTaggable({ status, headers }: HttpResponse): boolean {
    if (status === 204 || status === 206 || Number(headers.get('Content-Length') ?? 0) > size) return false;
    if (headers.get('Content-Type')?.toLowerCase().startsWith('text/event-stream')) return false;
    return !parseCacheControl(headers.get('Cache-Control') ?? '').noStore;
  }

  async function hashed({ headers, body }: HttpResponse): Promise<string | undefined> {
    if (headers.get('Content-Encoding') !== undefined) warnOnce('ERR_UNSTALE_ENCODED_BODY', options, WHERE);
    const bytes = typeof body === 'string' ? Buffer.from(body) : await body?.bytes(size);
    const length = headers.get('Content-Length');
    // An answer to HEAD may announce a body that it does not have: there is nothing to hash.
    if (!bytes || bytes.byteLength > size || (length !== undefined && Number(length) !== bytes.byteLength))
      return undefined;
    return opaqueOf(bytes, algorithm);
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
  if (ifRange !== undefined && neverHolds(ifRange, Date.now())) exchange.hide('range', 'if-range');
}
