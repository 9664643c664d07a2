/**
 * The version store in Lua. A resource has a record `{inc, v, p?, d?, t?, tv?}`: incarnation, version, token and deadline of the pending write, token and
 * version of the last committed one. Its bucket has `{rid, inc, since}`: the server that it was made on and its term as a primary, and when. A bucket
 * that is gone, or that came from another server or term (restart, failover and back, flush, moved slot), starts a new incarnation: every older
 * version is dead, and no write begins for one lease.
 */
import { RUN_AND_TERM, scriptOf, type Script } from './redis-script.ts';

/** KEYS: record, bucket. ARGV: lease in milliseconds, a random text, then those of the operation. */
const PROLOGUE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
${RUN_AND_TERM}local lease, random = tonumber(ARGV[1]), ARGV[2]

local bucket = redis.call('HMGET', KEYS[2], 'rid', 'inc', 'since')
local inc, since = bucket[2], tonumber(bucket[3] or nil)
if bucket[1] ~= rid then
  inc, since = random, now
  redis.call('HSET', KEYS[2], 'rid', rid, 'inc', inc, 'since', string.format('%.0f', now))
end
local rest = since + lease - now

local record = redis.call('HMGET', KEYS[1], 'inc', 'v', 'p', 'd', 't', 'tv')
local known = record[1] == inc
local first = redis.sha1hex(inc .. ':' .. KEYS[1])
local v, p, last, made = first, false, false, false
if known then
  v, p, last, made = record[2], record[3], record[5], record[6]
  if p and tonumber(record[4]) < now then
    v, p = redis.sha1hex(inc .. ':' .. KEYS[1] .. ':' .. p .. ':' .. record[4]), false
  end
end
local function write(...)
  if not known then redis.call('DEL', KEYS[1]) end
  redis.call('HSET', KEYS[1], 'inc', inc, ...)
end
local function settle(version)
  redis.call('HDEL', KEYS[1], 'p', 'd')
  write('v', version)
end
`;

/** Writes no record, so reads of names that do not exist cost the server no memory. */
export const READ: Script = script(`
if rest > 0 or p then return {'none'} end
return {'version', v}
`);

/** ARGV: token, whether versions are expected (0 or 1), the versions. */
export const BEGIN: Script = script(`
local token = ARGV[3]
if p == token then return {'begun', v} end
if rest > 0 then return {'quarantine', rest} end
if p then return {'busy'} end
local expected = ARGV[4] == '0'
for i = 5, #ARGV do expected = expected or ARGV[i] == v end
if not expected then return {'mismatch', v} end
write('v', v, 'p', token, 'd', string.format('%.0f', now + lease))
return {'begun', v}
`);

/** ARGV: token. */
export const COMMIT: Script = script(`
local token = ARGV[3]
if last == token then return {'committed', made} end
if p ~= token then return {'lost'} end
settle(random)
redis.call('HSET', KEYS[1], 't', token, 'tv', random)
return {'committed', random}
`);

/** ARGV: token, 'unchanged' or 'unknown'. */
export const ABORT: Script = script(`
if p ~= ARGV[3] then return {'none'} end
settle(ARGV[4] == 'unchanged' and v or random)
if ARGV[4] == 'unchanged' and v == first then redis.call('DEL', KEYS[1]) end
return {'aborted'}
`);

/** A pending write stays pending. */
export const BUMP: Script = script(`
if p then write('v', random) else settle(random) end
return {'bumped'}
`);

/** Makes the bucket, and tells what the server does when its memory is full. */
export const PROVISION: Script = script(`
return {'policy', string.match(redis.call('INFO', 'memory'), 'maxmemory_policy:(%S+)') or ''}
`);

function script(body: string): Script {
  return scriptOf(PROLOGUE + body);
}
