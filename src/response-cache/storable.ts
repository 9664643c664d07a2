/** May a shared cache store this response (RFC 9111 §3), and what of it (§3.1)? Where the RFC permits and safety does not, it may not. */
import { parseCacheControl, type CacheDirectives } from '../http/cache-directives.ts';
import { areIndexable, parseCacheGroups } from './cache-groups.ts';
import type { CacheRequest, CacheRules } from './cache-rules.ts';
import { eligible, hasCredentials } from './eligible.ts';
import { fieldValue } from './field-lines.ts';
import { currentAge, freshnessLifetime, receivedAge } from './freshness.ts';
import { keptFields, missedField } from './kept-fields.ts';
import { isHeuristicallyCacheable, isUnderstood, mayBeStored } from './statuses.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import { governingPolicy, type GoverningPolicy } from './target-list.ts';
import { isValidatable } from './validation.ts';
import { varyingOf } from './variants.ts';

/** A response as it came: all its field lines, names in lower case. */
export type ReceivedResponse = Pick<StoredResponse, 'status' | 'fields' | 'requestTime' | 'responseTime'>;

export type Storable =
  | ({
      readonly kind: 'storable';
      /** What it says that it belongs to (RFC 9875). */
      readonly groups: readonly string[];
    } & Pick<StoredResponse, 'fields' | 'varying' | 'requestTime'>)
  | { readonly kind: 'not-storable'; readonly why: Reason };

export type Reason =
  /** Not a method whose responses are stored; the one to HEAD has no content, and updates what GET stored. */
  | 'method'
  | 'content'
  | 'credentials'
  /** The request asked for a part. */
  | 'range'
  | 'no-store-request'
  | 'status'
  | 'unreadable'
  | 'no-store'
  | 'private'
  | 'set-cookie'
  | 'content-range'
  | 'vary'
  | 'missed-field'
  | 'groups'
  /** It does not say for how long. */
  | 'no-lifetime'
  /** It is stale already, and can neither be validated nor be used stale. */
  | 'useless';

export function storable(request: CacheRequest, response: ReceivedResponse, rules: CacheRules): Storable {
  const policy = governingPolicy(response.fields, rules.targets);
  const varying = varyingOf(response.fields, request, rules);
  const groups = parseCacheGroups(fieldValue(response.fields, 'cache-groups'));
  // Age is as if the request had taken that much longer: §4.2.3 adds the two.
  const requestTime = response.requestTime - receivedAge(fieldValue(response.fields, 'age')) * 1000;

  const why =
    refusedRequest(request, policy, rules) ??
    refusedStatus(response.status, policy, rules) ??
    refusedPolicy(policy, response.status) ??
    refusedFields(response, policy, rules);
  if (why) return { kind: 'not-storable', why };
  if (varying === '*' || !varying.every(([name]) => mayVaryOn(name, rules)))
    return { kind: 'not-storable', why: 'vary' };
  if (!areIndexable(groups)) return { kind: 'not-storable', why: 'groups' };
  const idle = refusedUse({ ...response, requestTime }, policy, rules);
  if (idle) return { kind: 'not-storable', why: idle };
  const fields = keptFields(response.fields, withheldFields(policy), response.responseTime);
  return { kind: 'storable', fields, varying, groups, requestTime };
}

function refusedRequest(request: CacheRequest, { directives }: GoverningPolicy, rules: CacheRules): Reason | undefined {
  const eligibility = eligible(request, rules);
  if (eligibility.kind === 'bypass') return eligibility.why;
  if (request.method === 'HEAD') return 'method';
  if (request.header('range') !== undefined) return 'range';
  if (parseCacheControl(request.header('cache-control') ?? '').noStore) return 'no-store-request';
  // The key says who asks, and the response has to say that it may be shared nevertheless (§3.5).
  if (hasCredentials(request, rules) && !allowsSharing(directives)) return 'credentials';
  return undefined;
}

function allowsSharing({ public: isPublic, sMaxAge, mustRevalidate }: CacheDirectives): boolean {
  return isPublic === true || sMaxAge !== undefined || mustRevalidate === true;
}

function refusedStatus(status: number, { directives }: GoverningPolicy, { statuses }: CacheRules): Reason | undefined {
  const wanted = statuses === 'any' || statuses.includes(status);
  const understood = directives.mustUnderstand ? isUnderstood(status) : true;
  return mayBeStored(status) && wanted && understood ? undefined : 'status';
}

/** must-understand takes no-store back, for those who understand the status (§5.2.2.3). */
function refusedPolicy({ directives, readable }: GoverningPolicy, status: number): Reason | undefined {
  if (!readable) return 'unreadable';
  if (directives.noStore && !(directives.mustUnderstand && isUnderstood(status))) return 'no-store';
  return directives.private === true ? 'private' : undefined;
}

function refusedFields({ fields }: ReceivedResponse, policy: GoverningPolicy, rules: CacheRules): Reason | undefined {
  if (rules.setCookie === 'refuse' && fieldValue(fields, 'set-cookie') !== undefined) return 'set-cookie';
  if (rules.contentRange === 'refuse' && fieldValue(fields, 'content-range') !== undefined) return 'content-range';
  return missedField(fields, withheldFields(policy), rules.targets) === undefined ? undefined : 'missed-field';
}

function mayVaryOn(name: string, { varyOn, scoped, credentials }: CacheRules): boolean {
  if (varyOn !== 'any') return varyOn.includes(name);
  return scoped || !credentials.includes(name);
}

function refusedUse(
  response: ReceivedResponse,
  policy: GoverningPolicy,
  rules: CacheRules,
): 'no-lifetime' | 'useless' | undefined {
  const { directives } = policy;
  const lifetime = freshnessLifetime(response, policy, rules);
  const onTrial = directives.noCache === true && isHeuristicallyCacheable(response.status);
  if (lifetime.kind === 'unknown' && !onTrial) return 'no-lifetime';
  const tolerance = Math.max(
    directives.staleWhileRevalidate ?? rules.staleWhileRevalidate,
    directives.staleIfError ?? rules.staleIfError,
  );
  const usable =
    directives.noCache !== true && currentAge(response, response.responseTime) < lifetime.seconds + tolerance;
  return usable || isValidatable(response) ? undefined : 'useless';
}

/** Fields that private and no-cache name: a shared cache must not give them to anyone else (§5.2.2.4, §5.2.2.7). */
export function withheldFields({ directives }: Pick<GoverningPolicy, 'directives'>): readonly string[] {
  return [directives.private, directives.noCache].flatMap((names) => (Array.isArray(names) ? names : []));
}
