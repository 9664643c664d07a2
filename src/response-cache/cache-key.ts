/** Under which key a response is stored (RFC 9111 §2): a digest of everything that has to be equal, each part with its length before it. */
import { hash } from 'node:crypto';

export interface KeyParts {
  /** One for each version of what is stored: under another one, nothing of this one is found. */
  readonly namespace: string;
  /** Who may see the response: a tenant, a role, a user; `undefined` is everybody. */
  readonly scope?: string | undefined;
  readonly method: string;
  /** The host as the application trusts it; `undefined` where it has one only. */
  readonly host?: string | undefined;
  /** Path and query, octet by octet as received, or as `normalizeTarget` gives them. */
  readonly target: string;
  /** Of the content of a QUERY request (`contentParts`). */
  readonly content?: readonly (string | undefined)[] | undefined;
}

/** 192 bits in base64: nobody finds two requests with one key. */
const KEY_LENGTH = 32;

export function cacheKey({ namespace, scope, method, host, target, content = [] }: KeyParts): string {
  return digest(['response', namespace, scope, methodClass(method), host?.toLowerCase(), target, ...content]);
}

/** Under which key data is stored that is no response. */
export function valueKey(namespace: string, name: string): string {
  return digest(['value', namespace, name]);
}

/** The name of a tag, a target or a cache group in a store: what an application calls it, and what RFC 9875 does, never meet. */
export function tagKey(
  namespace: string,
  kind: 'tag' | 'group' | 'target',
  host: string | undefined,
  name: string,
): string {
  return digest([kind, namespace, host?.toLowerCase(), name]);
}

/** HEAD is answered by what GET stored (RFC 9110 §9.3.2), and stores nothing. */
function methodClass(method: string): string {
  return method === 'HEAD' ? 'GET' : method;
}

/** No two lists of parts make one text: each part follows its length, and an absent one has none. */
function digest(parts: readonly (string | undefined)[]): string {
  let text = '';
  for (const part of parts) text += part === undefined ? '-;' : `${part.length};${part}`;
  // UTF-8 would make one text of all lone surrogates.
  return hash('sha256', Buffer.from(text, 'utf16le'), 'base64url').slice(0, KEY_LENGTH);
}
