/** What the RFCs demand of an origin server and of a shared cache inside it, and the tests that prove it. `docs/rfc-coverage.md` is made of this. */

/** Names of tests in one file, as they stand there. */
export interface InFile {
  readonly file: string;
  readonly names: readonly string[];
}

/** Ids out of a table that tests go through: the conformance rows, or the suite http-cache-tests. An id that ends in `/` stands for all that begin with it. */
export interface InTable {
  readonly table: 'precondition-cases' | 'cache-tests';
  readonly ids: readonly string[];
}

export interface Requirement {
  readonly section: string;
  /** What MUST be. */
  readonly must: string;
  readonly proof: readonly (InFile | InTable)[];
}

export interface Part {
  readonly rfc: number;
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

const inFile = (file: string, ...names: readonly string[]): InFile => ({ file, names });
const cases = (...ids: readonly string[]): InTable => ({ table: 'precondition-cases', ids });
const cacheTests = (...ids: readonly string[]): InTable => ({ table: 'cache-tests', ids });

const PRECONDITIONS = 'conditional/preconditions.test.ts';
const READS = 'contract/reads.ts';
const WRITES = 'contract/writes.ts';
const BODY_TAGS = 'contract/body-tags.ts';
const POLICIES = 'contract/policies.ts';
const CACHE = 'contract/response-cache.ts';
const STORABLE = 'response-cache/storable.test.ts';
const REUSE = 'response-cache/reuse.test.ts';
const FRESHNESS = 'response-cache/freshness.test.ts';
const UPDATE = 'response-cache/update.test.ts';
const VARIANTS = 'response-cache/variants.test.ts';
const INVALIDATE = 'response-cache/invalidate.test.ts';

const validators: Part = {
  rfc: 9110,
  title: 'Validators, dates and lists',
  requirements: [
    {
      section: '5.3',
      must: 'Lines of one list field are one list; a field that takes one value is invalid when it comes twice',
      proof: [
        inFile(
          PRECONDITIONS,
          'If-None-Match over several lines is one list (§5.3)',
          'two lines of a date are no date (§5.3)',
        ),
        cases('list/inm two lines, match in second', 'list/im two lines, none', 'date/ims two equal lines'),
      ],
    },
    {
      section: '5.6.1.2',
      must: 'Empty members of a list are accepted and ignored, and so is white space around commas',
      proof: [
        inFile('http/entity-tag-list.test.ts', 'empty members do not count (RFC 9110 §5.6.1.2)'),
        cases('list/inm GET empty elements', 'list/im PUT empty elements', 'list/leading and trailing OWS'),
      ],
    },
    {
      section: '5.6.7',
      must: 'All three forms of HTTP-date are understood, in UTC; IMF-fixdate is sent',
      proof: [
        inFile('http/http-date.test.ts', 'the RFC 850 form', 'the asctime form', 'ISO 8601'),
        cases('date/ims GET IMF-fixdate equal', 'date/ims GET rfc850 equal', 'date/ims GET asctime equal'),
      ],
    },
    {
      section: '5.6.7',
      must: 'A year of two digits that is more than 50 years ahead is the past',
      proof: [
        inFile(
          'http/http-date.test.ts',
          '50 years and a second ahead is the past',
          'exactly 50 years ahead is not yet too far',
        ),
        cases('date/ims rfc850 year 94 is 1994'),
      ],
    },
    {
      section: '6.6.1',
      must: 'A response has a Date',
      proof: [cases('generate/Date on 200'), inFile(STORABLE, 'a missing Date is added (RFC 9110 §6.6.1)')],
    },
    {
      section: '8.6',
      must: 'A Content-Length of a 304 or of the answer to HEAD is that of the 200 to GET',
      proof: [
        cases(
          '304/Content-Length absent or that of the 200',
          '304/HEAD Content-Length absent or that of the 200',
          '304/HEAD 200 has Content-Length or none, no body',
        ),
      ],
    },
    {
      section: '8.8',
      must: 'Validators in the answer to a write are those of the new state',
      proof: [
        cases('method/PUT success does not repeat the old etag'),
        inFile(
          READS,
          'the 500 of a handler that threw does not carry the validators that were set for a success (RFC 9110 §8.8)',
        ),
      ],
    },
    {
      section: '8.8.1',
      must: 'A strong validator changes with every observable change, and each coding has its own',
      proof: [
        inFile(
          READS,
          'a tag with a coding counts for a client that takes the coding, and the 304 repeats it with Vary (RFC 9110 §8.8.3.3)',
        ),
        inFile(
          'peers/koa.test.ts',
          'K7: with %s in either order, each coding has its tag and its 304 (RFC 9110 §8.8.3.3, §15.4.5)',
        ),
        inFile(BODY_TAGS, 'weak: false makes the same tag strong, so that If-Match can hold (RFC 9110 §8.8.1)'),
      ],
    },
    {
      section: '8.8.2.1',
      must: 'Last-Modified is not later than Date',
      proof: [
        inFile(
          READS,
          'Last-Modified is never later than Date, and in whole seconds (RFC 9110 §8.8.2.1)',
          'a Last-Modified in the future, set by the application, is sent as the time of the answer (RFC 9110 §8.8.2.1)',
        ),
        cases('generate/future Last-Modified, ims of now'),
      ],
    },
    {
      section: '8.8.3',
      must: 'An entity tag is `"…"` or `W/"…"`, of its own octets only, with W/ in upper case',
      proof: [
        inFile(
          'http/entity-tag.test.ts',
          'W/ before the quotes makes a tag weak (RFC 9110 §8.8.3)',
          'w/ in lower case is not the weak prefix (RFC 9110 §8.8.3)',
          'the ends of each range of etagc are legal (RFC 9110 §8.8.3)',
          'a space inside the quotes is illegal (RFC 9110 §8.8.3)',
          'a comma is data (RFC 9110 §8.8.3)',
        ),
        cases('malformed/'),
      ],
    },
    {
      section: '8.8.3',
      must: 'A tag that does not stand for one sequence of octets is weak',
      proof: [
        inFile(
          BODY_TAGS,
          'a 200 without a validator gets the weak tag that the etag package makes of its bytes (RFC 9110 §8.8.3)',
        ),
      ],
    },
    {
      section: '8.8.3.2',
      must: 'Strong comparison: both strong, and equal octet for octet. Weak comparison: equal octet for octet',
      proof: [
        inFile(
          'http/entity-tag.test.ts',
          'W/"1" and W/"1" (RFC 9110 §8.8.3.2)',
          'W/"1" and "1" (RFC 9110 §8.8.3.2)',
          '"1" and "1" (RFC 9110 §8.8.3.2)',
          '"a" and "A": octets, not letters (RFC 9110 §8.8.3.2)',
        ),
        cases('compare/'),
      ],
    },
    {
      section: '9.3.4',
      must: 'The answer to PUT has no validator, unless the content was stored as it was sent',
      proof: [
        inFile(
          WRITES,
          'the answer to PUT carries no tag, for the content may have been transformed (RFC 9110 §9.3.4)',
          'the answer to PUT carries the new tag where the handler says so for this write (RFC 9110 §9.3.4)',
        ),
      ],
    },
  ],
};

const preconditions: Part = {
  rfc: 9110,
  title: 'Conditional requests',
  requirements: [
    {
      section: '13.1.1',
      must: 'If-Match: strong comparison; `*` where there is a representation',
      proof: [
        inFile(
          PRECONDITIONS,
          'If-Match compares strongly (§8.8.3.2)',
          'If-Match: * needs a representation, not a tag (§13.1.1)',
        ),
        cases('star/im * PUT existing', 'star/im * on PUT missing'),
      ],
    },
    {
      section: '13.1.1',
      must: 'If-Match that is false: the write is not carried out, and answered 412',
      proof: [
        inFile(
          WRITES,
          'of simultaneous writes on one tag exactly one is carried out, and no update is lost (RFC 9110 §13.1.1)',
          'a malformed If-Match fails closed, a malformed If-None-Match too (RFC 9110 §13.1.1)',
        ),
        cases('matrix/', 'method/double PUT with one tag'),
      ],
    },
    {
      section: '13.1.2',
      must: 'If-None-Match: weak comparison; `*` where there is no representation',
      proof: [
        inFile(
          PRECONDITIONS,
          'If-None-Match compares weakly (§8.8.3.2)',
          'If-None-Match: * on what does not (§13.1.2)',
        ),
        cases('star/inm * GET existing', 'star/inm * PUT existing'),
      ],
    },
    {
      section: '13.1.2',
      must: 'If-None-Match that is false: 304 to GET and HEAD, otherwise 412, and nothing is carried out',
      proof: [
        inFile(PRECONDITIONS, 'If-None-Match on a write is 412, not 304 (§13.1.2)'),
        inFile(
          WRITES,
          'PUT with If-None-Match: * creates what does not exist, and expected is null (RFC 9110 §13.1.2)',
        ),
        cases('method/PUT inm match is 412, not 304'),
      ],
    },
    {
      section: '13.1.3',
      must: 'If-Modified-Since is ignored beside If-None-Match, where it is no HTTP-date, for other methods than GET and HEAD, and where no modification date is known',
      proof: [
        inFile(
          PRECONDITIONS,
          'If-None-Match makes If-Modified-Since be ignored, valid or not (§13.1.3)',
          'If-Modified-Since is for reads (§13.1.3)',
        ),
        cases(
          'malformed/malformed inm suppresses ims',
          'date/ims invalid: ISO 8601',
          'method/PUT ims ignored',
          'no-validator/etag only, inm match, ims older',
        ),
      ],
    },
    {
      section: '13.1.3',
      must: 'Dates are compared on the clock of the origin server',
      proof: [inFile(PRECONDITIONS, 'the origin uses its own clock where none is given (§13.1.3)')],
    },
    {
      section: '13.1.4',
      must: 'If-Unmodified-Since is ignored beside If-Match, where it is no HTTP-date or a list, and where no modification date is known',
      proof: [
        inFile(
          PRECONDITIONS,
          'If-Match makes If-Unmodified-Since be ignored (§13.1.4)',
          'If-Unmodified-Since that is no date (§13.1.4)',
          'If-Unmodified-Since, and no modification known (§13.1.4)',
        ),
        cases('no-validator/ius, no last-modified PUT'),
      ],
    },
    {
      section: '13.1.4',
      must: 'If-Unmodified-Since that is false: the request is not carried out',
      proof: [
        cases('date/ius PUT earlier by 1s', 'date/ius PUT asctime earlier'),
        inFile(PRECONDITIONS, 'If-Unmodified-Since before the modification (§13.1.4)'),
      ],
    },
    {
      section: '13.1.5',
      must: 'If-Range: ignored without Range; a tag compares strongly, a date exactly and only if it is strong; where it is false, Range is ignored',
      proof: [
        inFile(
          PRECONDITIONS,
          'If-Range without Range is ignored (§13.1.5)',
          'If-Range compares strongly (§13.1.5)',
          'If-Range with a later date (§13.1.5)',
          'If-Range with a date less than a second old is weak (§8.8.2.2)',
        ),
        inFile(READS, 'a false If-Range hides Range from the handler, a true one leaves it (RFC 9110 §13.1.5)'),
        cases('range/'),
      ],
    },
    {
      section: '13.2.1',
      must: 'All preconditions are ignored where the answer without them is neither 2xx nor 412',
      proof: [
        inFile(
          READS,
          'a handler that refuses access wins over a wildcard, a date and If-Match (RFC 9110 §13.2.1)',
          'no such resource: the handler answers, whatever the preconditions (RFC 9110 §13.2.1)',
        ),
        cases('status/', 'missing/'),
      ],
    },
    {
      section: '13.2.1',
      must: 'They are ignored for methods that neither select nor modify a representation',
      proof: [
        inFile('http/methods.test.ts', 'has no representation: preconditions are ignored (RFC 9110 §13.2.1)'),
        inFile(READS, 'OPTIONS passes untouched (RFC 9110 §13.2.1)'),
        cases('method/OPTIONS im mismatch'),
      ],
    },
    {
      section: '13.2.1',
      must: 'Directives of the request for caches do not switch them off',
      proof: [
        inFile(
          BODY_TAGS,
          'fetch() gets its 304, though it sends Cache-Control: no-cache beside If-None-Match (RFC 9110 §13.2.1)',
        ),
        cases('cache-control/'),
      ],
    },
    {
      section: '13.2.2',
      must: 'The order: If-Match, or If-Unmodified-Since; If-None-Match, or If-Modified-Since; If-Range',
      proof: [inFile(PRECONDITIONS, 'If-Match comes before If-None-Match (§13.2.2)'), cases('matrix/')],
    },
    {
      section: '14.2',
      must: 'Range is for GET, and a unit that is not known is ignored',
      proof: [
        inFile(PRECONDITIONS, 'Range is for GET (§14.2)'),
        cases('range/HEAD ignores Range', 'range/unknown unit'),
      ],
    },
    {
      section: '15.3.7',
      must: 'A 206 has the Date, Cache-Control, ETag, Expires, Content-Location and Vary of the 200, and Content-Range',
      proof: [
        inFile(
          'response-cache/byte-range.test.ts',
          'a 206 has all fields of the stored response, its own Content-Range, and no length of the whole (§15.3.7)',
        ),
        cases('range/206 keeps Cache-Control', 'range/206 keeps Content-Location'),
      ],
    },
    {
      section: '15.4.5',
      must: 'A 304 has the Content-Location, Date, ETag, Vary, Cache-Control and Expires that the 200 would have',
      proof: [
        inFile(READS, 'a 304 keeps what was set before it, and drops the fields of the content (RFC 9110 §15.4.5)'),
        inFile(
          POLICIES,
          'a 304 before the handler says what its 200 would say (RFC 9110 §15.4.5)',
          'a 304 after the handler does, too (RFC 9110 §15.4.5)',
        ),
        cases('304/'),
      ],
    },
    {
      section: '15.4.5',
      must: 'A 304 has no content',
      proof: [
        inFile(BODY_TAGS, 'If-None-Match with the tag is answered 304 without content fields (RFC 9110 §15.4.5)'),
        inFile(
          'contract/interplay.ts',
          'a 304 over a running stream ends it, and the connection serves the next request (RFC 9112 §9.3)',
        ),
      ],
    },
    {
      section: '15.5.13',
      must: '412 says that a precondition was false, and that nothing was carried out',
      proof: [
        inFile('http/problem.test.ts', 'the state is not the one named (RFC 9110 §15.5.13)'),
        inFile('contract/counters.ts', 'conflict() is the same 412 as that of the guard (RFC 9110 §15.5.13)'),
      ],
    },
  ],
};

const storing: Part = {
  rfc: 9111,
  title: 'A shared cache: storing',
  requirements: [
    {
      section: '3',
      must: 'Only where the method is understood, the status is final, and something says for how long',
      proof: [
        inFile(
          STORABLE,
          'POST (RFC 9111 §3)',
          'a method nobody knows (RFC 9111 §3)',
          '103 is not final (RFC 9111 §3)',
          'max-age makes it storable (RFC 9111 §3)',
        ),
        inFile(CACHE, 'without a lifetime nothing is stored (RFC 9111 §3)'),
        cacheTests('heuristic-201-not_cached', 'status-299-stale'),
      ],
    },
    {
      section: '3',
      must: 'Not with no-store, and not with private',
      proof: [
        inFile(STORABLE, 'no-store (RFC 9111 §5.2.2.5)', 'private (RFC 9111 §5.2.2.7)'),
        cacheTests('cc-resp-no-store', 'cc-resp-no-store-case-insensitive', 'cc-resp-private-shared'),
      ],
    },
    {
      section: '3.1',
      must: 'All fields are kept, unknown ones too, but for those of the connection and of a proxy, and those that private and no-cache name',
      proof: [
        inFile(
          STORABLE,
          'all fields are kept, those nobody knows included (RFC 9111 §3.1)',
          'Connection and what it names are not kept (RFC 9111 §3.1)',
          'fields of one proxy are not kept (RFC 9111 §3.1)',
          'private and no-cache withhold the fields that they name (RFC 9111 §3.1)',
        ),
        cacheTests('headers-store-Test-Header', 'headers-omit-headers-listed-in-Connection'),
      ],
    },
    {
      section: '3.3',
      must: 'What is incomplete is not stored as complete, and never given as if it were',
      proof: [
        inFile(CACHE, 'a part is never stored as the whole (RFC 9111 §3.3)'),
        inFile(REUSE, 'a stored part is never sent (§3.3)'),
      ],
    },
    {
      section: '3.5',
      must: 'The answer to a request with Authorization only with public, must-revalidate or s-maxage',
      proof: [
        inFile(
          STORABLE,
          'Authorization (RFC 9111 §3.5)',
          'a scope alone does not permit to share (RFC 9111 §3.5)',
          'a scope and public (RFC 9111 §3.5)',
          'a scope and s-maxage (RFC 9111 §3.5)',
          'a scope and must-revalidate (RFC 9111 §3.5)',
        ),
        cacheTests('other-authorization'),
      ],
    },
    {
      section: '5.2.1.5',
      must: 'no-store in a request: neither it nor its answer is stored',
      proof: [inFile(STORABLE, 'no-store in the request (RFC 9111 §5.2.1.5)')],
    },
    {
      section: '5.2.2.3',
      must: 'must-understand: stored only where the status is understood',
      proof: [
        inFile(
          STORABLE,
          'must-understand takes no-store back where the status is known (RFC 9111 §5.2.2.3)',
          'must-understand with a status nobody knows (RFC 9111 §5.2.2.3)',
        ),
        cacheTests('status-599-must-understand'),
      ],
    },
    {
      section: '5.2.3',
      must: 'Directives that are not known are ignored; names have no letter case',
      proof: [
        inFile(
          'http/cache-directives.test.ts',
          'unknown directives are ignored (RFC 9111 §5.2.3)',
          'names in any letter case (RFC 9111 §5.2)',
        ),
      ],
    },
    {
      section: '1.2.2',
      must: 'A number of seconds that is too large counts as 2^31',
      proof: [inFile('http/cache-directives.test.ts', 'more than 2^31 seconds count as 2^31 (RFC 9111 §1.2.2)')],
    },
  ],
};

const reusing: Part = {
  rfc: 9111,
  title: 'A shared cache: reusing, validating, invalidating',
  requirements: [
    {
      section: '4',
      must: 'The target is equal, the method allows it, and it is fresh, allowed stale, or validated',
      proof: [
        inFile(
          CACHE,
          'path and query are the key, octet by octet (RFC 9111 §2)',
          'a fresh response answers the next GET, with its Age (RFC 9111 §4, §5.1)',
        ),
        inFile(REUSE, 'a fresh response is used (§4)', 'POST goes to the handler (§4)'),
        cacheTests('query-args-different'),
      ],
    },
    {
      section: '4',
      must: 'The most recent of several that match is used',
      proof: [inFile(VARIANTS, 'the most recent is used, by its Date (§4)')],
    },
    {
      section: '4',
      must: 'Unsafe methods are written through before they are answered',
      proof: [inFile(REUSE, 'POST goes to the handler (§4)'), inFile(CACHE, 'one that fails does not (RFC 9111 §4.4)')],
    },
    {
      section: '4.1',
      must: 'All fields that Vary names are equal, absent equals absent only, and `*` never matches',
      proof: [
        inFile(STORABLE, 'Vary: * among names (RFC 9111 §4.1)'),
        inFile(
          VARIANTS,
          'two fields, one of them absent',
          'one without Vary does not stand in for the variants that others have (§4.1)',
        ),
        inFile(CACHE, 'of those at once, who differ in what varies wait for their own (RFC 9111 §4.1)'),
        cacheTests('vary-no-match', 'vary-omit', 'vary-star', 'vary-syntax-foo-star', 'vary-3-no-match'),
      ],
    },
    {
      section: '4.2.1',
      must: 's-maxage, then max-age, then Expires; Expires that is no date is past',
      proof: [
        inFile(
          FRESHNESS,
          's-maxage before max-age (§4.2.1)',
          'max-age before Expires (§5.3)',
          'Expires that is no date is past (§5.3)',
        ),
        cacheTests(
          'freshness-max-age-s-maxage-shared-longer',
          'freshness-max-age-0-expires',
          'freshness-expires-invalid',
        ),
      ],
    },
    {
      section: '4.2.2',
      must: 'No guess where the response says for how long',
      proof: [
        inFile(FRESHNESS, 'no guess where the response says it (§4.2.2)', 'no guess where Expires says it (§4.2.2)'),
      ],
    },
    {
      section: '4.2.3',
      must: 'The age counts from when the request was sent',
      proof: [
        inFile(FRESHNESS, 'the time that the request took (§4.2.3)', 'the time of residence (§4.2.3)'),
        cacheTests('freshness-max-age-age', 'other-age-gen'),
      ],
    },
    {
      section: '4.2.4',
      must: 'Never stale where must-revalidate, proxy-revalidate, no-cache or s-maxage forbid it, nor without leave',
      proof: [
        inFile(
          REUSE,
          'must-revalidate forbids it (§4.2.4)',
          'proxy-revalidate forbids it (§5.2.2.8)',
          'no-cache forbids it (§4.2.4)',
          's-maxage forbids it (§5.2.2.10)',
          'is used without validation only while it is fresh, or while something allows it stale (§4.2.4)',
        ),
        cacheTests('cc-resp-must-revalidate-stale', 'cc-resp-no-cache'),
      ],
    },
    {
      section: '4.3.1',
      must: 'A validation names the stored entity tags',
      proof: [
        inFile(
          UPDATE,
          'names the tag and the date of the selected response (§4.3.1)',
          'names the tags of all that is stored (§4.3.1)',
        ),
      ],
    },
    {
      section: '4.3.2',
      must: 'If-None-Match and If-Modified-Since are evaluated on what is stored; If-Match and If-Unmodified-Since are for the origin',
      proof: [
        inFile(CACHE, 'If-None-Match is answered from what is stored (RFC 9111 §4.3.2)'),
        inFile('response-cache/not-modified.test.ts', 'another tag, and a date that matches (RFC 9110 §13.1.3)'),
        cacheTests('conditional-304-etag', 'conditional-etag-precedence'),
      ],
    },
    {
      section: '4.3.3',
      must: 'A full answer to a validation is used as it is; a 304 renews what is stored',
      proof: [
        inFile(
          'response-cache/layer.test.ts',
          'a stale response with a validator is asked about, and a 304 renews it (RFC 9111 §4.3.3)',
        ),
      ],
    },
    {
      section: '4.3.4',
      must: 'A 304 updates what has its strong tag, else the latest with its weak one, else the only one without validators',
      proof: [
        inFile(
          UPDATE,
          'all responses with its strong tag (§4.3.4)',
          'the latest with its weak tag (§4.3.4)',
          'the only response, where it has no validator (§4.3.4)',
          'none, where its strong tag is unknown (§4.3.4)',
        ),
        inFile(
          'response-cache/layer.test.ts',
          'a 304 that names another tag validates nothing: 502, and the entry is gone (CVE-2026-116630)',
        ),
      ],
    },
    {
      section: '3.2',
      must: 'An update replaces all fields that came, but for Content-Length and those that the stored octets depend upon',
      proof: [
        inFile(
          UPDATE,
          'takes its fields over (§3.2)',
          'keeps its Content-Length (§3.2)',
          'keeps the coding of its octets (§3.2)',
        ),
        cacheTests('304-etag-update-response-Test-Header', '304-etag-update-response-Content-Length'),
      ],
    },
    {
      section: '4.4',
      must: 'A 2xx or 3xx to an unsafe or unknown method invalidates its target, and nothing of another origin',
      proof: [
        inFile(
          INVALIDATE,
          'by a PUT that succeeds (RFC 9111 §4.4)',
          'by a method that nobody knows (RFC 9111 §4.4)',
          'not by a PUT that fails (RFC 9111 §4.4)',
          'nothing of another host (RFC 9111 §4.4)',
        ),
        cacheTests('invalidate-PUT', 'invalidate-DELETE', 'invalidate-POST', 'invalidate-M-SEARCH'),
      ],
    },
    {
      section: '5.1',
      must: 'A response that is reused has an Age, and no other than its own',
      proof: [
        inFile(STORABLE, 'Age is counted anew (RFC 9111 §4)'),
        inFile(FRESHNESS, 'with several members: the first counts (§5.1)'),
        cacheTests('other-age-gen', 'age-parse-prefix'),
      ],
    },
  ],
};

const extensions: readonly Part[] = [
  {
    rfc: 6585,
    title: 'Precondition Required',
    requirements: [
      {
        section: '3',
        must: '428 says how to send the request again, and is not stored by a cache',
        proof: [
          inFile('http/problem.test.ts', 'the request has to name a state (RFC 6585 §3)'),
          inFile(POLICIES, 'a refusal is not stored, whatever the policy (RFC 6585 §3)'),
          cases('428/'),
        ],
      },
    ],
  },
  {
    rfc: 5861,
    title: 'Stale responses',
    requirements: [
      {
        section: '3',
        must: 'stale-while-revalidate: stale within its window only, while a new response is being made',
        proof: [
          inFile(
            REUSE,
            'stale-while-revalidate to its end (RFC 5861 §3)',
            'stale-while-revalidate is over (RFC 5861 §3)',
          ),
          inFile(
            CACHE,
            'stale-while-revalidate: everybody has the old response at once, and the handler runs behind the answer (RFC 5861 §3)',
          ),
        ],
      },
      {
        section: '4',
        must: 'stale-if-error: stale within its window only, in place of 500, 502, 503, 504 or no answer',
        proof: [
          inFile(REUSE, 'stale-if-error (RFC 5861 §4)', 'stale-if-error is over (RFC 5861 §4)'),
          inFile(
            'response-cache/statuses.test.ts',
            '%d is a failure, in place of which a stale response may be used: %s (RFC 5861 §4)',
          ),
          inFile(CACHE, 'stale-if-error: a failure is answered by what is stored (RFC 5861 §4)'),
        ],
      },
    ],
  },
  {
    rfc: 8246,
    title: 'immutable',
    requirements: [
      {
        section: '2',
        must: 'It says nothing once the response is stale, and an argument is ignored',
        proof: [
          inFile(REUSE, 'immutable says nothing once it is stale (RFC 8246 §2)'),
          inFile('http/cache-directives.test.ts', 'immutable with an argument, which is ignored (RFC 8246 §2)'),
        ],
      },
    ],
  },
  {
    rfc: 9211,
    title: 'Cache-Status',
    requirements: [
      {
        section: '2',
        must: 'A List; hit and fwd exclude each other; what other caches said is kept',
        proof: [
          inFile(
            'response-cache/cache-status.test.ts',
            'hit and fwd exclude each other, and another reader understands all (§2)',
            'after the members of other caches (§2)',
            'a name with a space is a String (§2)',
          ),
        ],
      },
    ],
  },
  {
    rfc: 9213,
    title: 'Targeted Cache-Control',
    requirements: [
      {
        section: '2.2',
        must: 'The first field of the target list that is valid and not empty replaces Cache-Control and Expires',
        proof: [
          inFile(
            'response-cache/target-list.test.ts',
            'it replaces Cache-Control (RFC 9213 §2.2)',
            'the first of the list counts (RFC 9213 §2.2)',
            'an empty one is ignored (RFC 9213 §2.2)',
          ),
          inFile(FRESHNESS, 'a targeted field replaces Expires too (RFC 9213 §2.2)'),
        ],
      },
      {
        section: '2.1',
        must: 'A field that is no Dictionary is ignored whole, and its parameters are',
        proof: [
          inFile(
            'response-cache/target-list.test.ts',
            'one that does not parse is ignored whole (RFC 9213 §2.1)',
            'parameters are ignored (RFC 9213 §2.1)',
          ),
        ],
      },
    ],
  },
  {
    rfc: 9457,
    title: 'Problem details',
    requirements: [
      {
        section: '3.1.1',
        must: 'The type tells one kind of problem from another',
        proof: [
          inFile(
            'http/problem.test.ts',
            'no two kinds share a type: programs tell problems apart by it (RFC 9457 §3.1.1)',
          ),
        ],
      },
      {
        section: '6.1',
        must: 'The media type is application/problem+json',
        proof: [inFile('http/problem.test.ts', 'its media type is that of problem details in JSON (RFC 9457 §6.1)')],
      },
    ],
  },
  {
    rfc: 9651,
    title: 'Structured fields',
    requirements: [
      {
        section: '4.2',
        must: 'A field that does not parse is void as a whole',
        proof: [
          inFile(INVALIDATE, 'are void where the field does not parse (RFC 9651 §4.2)'),
          inFile(
            'http/structured-field.test.ts',
            'reads every character in %s as structured-headers does (RFC 9651 §4.2)',
          ),
        ],
      },
      {
        section: '4.1',
        must: 'Only what is legal is written',
        proof: [inFile('http/structured-field.test.ts', 'writes only what is legal (RFC 9651 §4.1)')],
      },
    ],
  },
  {
    rfc: 9875,
    title: 'Cache groups',
    requirements: [
      {
        section: '2',
        must: 'Lists of Strings; 32 groups of 32 characters, at least',
        proof: [inFile(INVALIDATE, 'are Strings (RFC 9875 §2)', 'may be 32 of 32 characters and more (RFC 9875 §2)')],
      },
      {
        section: '3',
        must: 'Cache-Group-Invalidation is ignored in answers to safe methods',
        proof: [
          inFile(
            INVALIDATE,
            'is ignored on GET (RFC 9875 §3)',
            'is ignored on HEAD (RFC 9875 §3)',
            'names groups (RFC 9875 §3)',
          ),
        ],
      },
    ],
  },
];

export const COVERAGE: readonly Part[] = [validators, preconditions, storing, reusing, ...extensions];
