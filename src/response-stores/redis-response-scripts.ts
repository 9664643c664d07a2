/**
 * Responses in Lua. A key has a hash: for each variant its bytes and a line `epoch since until stored name…`. Its bucket has a record `{rid, epoch,
 * last, floor}` and a sorted set of purged names, each with the number of its purge; the epoch is a member of the set, so that neither of the two can
 * be evicted alone. A bucket that is gone, or that came from another server or term (restart, failover and back, flush, moved slot), may have forgotten
 * purges: it starts a new epoch, and what was stored or begun in an older one is never given. Numbers are microseconds of the server, made to rise.
 */
import { RUN_AND_TERM, scriptOf, type Script } from '../stores/redis-script.ts';

/** KEYS: the bucket's record and set, then those of the operation. ARGV: a random text, the longest time of a response in milliseconds, then likewise. */
const PROLOGUE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
${RUN_AND_TERM}
local longest = tonumber(ARGV[2])
local bucket = redis.pcall('HMGET', KEYS[1], 'rid', 'epoch', 'last', 'floor')
local epoch, last, floor = bucket[2], tonumber(bucket[3] or nil), tonumber(bucket[4] or nil)
if bucket.err or bucket[1] ~= rid or not epoch or type(redis.pcall('ZSCORE', KEYS[2], epoch)) ~= 'string' then epoch = false end

local function text(number) return string.format('%.0f', number) end
local function remember()
  for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], text(2 * longest)) end
end
local function start()
  if not epoch then
    epoch, last, floor = ARGV[1], now, now
    redis.call('DEL', KEYS[1], KEYS[2])
    redis.call('HSET', KEYS[1], 'rid', rid, 'epoch', epoch, 'last', text(last), 'floor', text(floor))
    redis.call('ZADD', KEYS[2], 0, epoch)
  end
  remember()
end
local function purged(kind, name, since)
  local number = tonumber(redis.call('ZSCORE', KEYS[2], kind .. name) or nil)
  return number and number > since and number
end
local function judged(since, names)
  if since == last then return 'untouched' end
  if since < floor then return 'gone' end
  local stale = false
  for _, name in ipairs(names) do
    if purged('h', name, since) then return 'gone' end
    local softly = purged('s', name, since)
    if softly then stale = math.min(stale or softly, softly) end
  end
  return stale and 'stale' or 'untouched', stale
end
local function entryOf(line, key)
  local words = {}
  for word in string.gmatch(line, '%S+') do words[#words + 1] = word end
  local since, ends, stored = tonumber(words[2]), tonumber(words[3]), tonumber(words[4])
  if words[1] ~= epoch or not since or not ends or not stored or ends <= now then return nil end
  local names = {'*', key}
  for i = 5, #words do names[#names + 1] = words[i] end
  local verdict, stale = judged(since, names)
  if verdict == 'gone' then return nil end
  return {stored = stored, rest = math.ceil((ends - now) / 1000), stale = stale and math.floor(stale / 1000) or 0}
end
`;

/** KEYS: the key's hash. ARGV: the key's name. Writes nothing; gives bytes, milliseconds that are left, and when it became stale, or 0. */
export const GET: Script = script(`
if not epoch then return {} end
local fields = redis.pcall('HGETALL', KEYS[3])
local lines, bytes, found = {}, {}, {}
for i = 1, #fields, 2 do
  local id, part = string.match(fields[i], '^(%x+):(%a)$')
  if part == 'l' then lines[id] = fields[i + 1] elseif part == 'b' then bytes[id] = fields[i + 1] end
end
for id, line in pairs(lines) do
  local entry = bytes[id] and entryOf(line, ARGV[3])
  if entry then
    entry.bytes = bytes[id]
    found[#found + 1] = entry
  end
end
table.sort(found, function(a, b) return a.stored > b.stored end)
local reply = {}
for _, entry in ipairs(found) do
  reply[#reply + 1] = entry.bytes
  reply[#reply + 1] = entry.rest
  reply[#reply + 1] = entry.stale
end
return reply
`);

/** KEYS: the lease. ARGV: token, milliseconds. Gives the epoch, the number of the last purge, and whether the lease is taken by it. */
export const FILL: Script = script(`
start()
local leads = redis.call('SET', KEYS[3], ARGV[3], 'NX', 'PX', ARGV[4])
return {epoch, text(last), leads and 1 or 0}
`);

/** KEYS: the key's hash, the lease. ARGV: epoch, number, token, milliseconds, most variants, the variant, bytes, the key's name, those of the tags. */
export const PUT: Script = script(`
if redis.call('GET', KEYS[4]) == ARGV[5] then redis.call('DEL', KEYS[4]) end
local since, ttl, most, id = tonumber(ARGV[4]), math.min(tonumber(ARGV[6]), longest), tonumber(ARGV[7]), ARGV[8]
if not epoch or ARGV[3] ~= epoch then return 'purged' end
local names = {'*'}
for i = 10, #ARGV do names[#names + 1] = ARGV[i] end
if judged(since, names) ~= 'untouched' then return 'purged' end

if redis.call('TYPE', KEYS[3]).ok ~= 'hash' then redis.call('DEL', KEYS[3]) end
local others = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[3])) do
  local other = string.match(field, '^(%x+):l$')
  local entry = other and other ~= id and entryOf(redis.call('HGET', KEYS[3], field), ARGV[10])
  if entry then
    entry.id = other
    others[#others + 1] = entry
  elseif other and other ~= id then
    redis.call('HDEL', KEYS[3], field, other .. ':b')
  end
end
table.sort(others, function(a, b) return a.stored > b.stored end)
for i = most, #others do redis.call('HDEL', KEYS[3], others[i].id .. ':l', others[i].id .. ':b') end

local line = {epoch, ARGV[4], text(now + ttl * 1000), text(now)}
for i = 11, #ARGV do line[#line + 1] = ARGV[i] end
redis.call('HSET', KEYS[3], id .. ':l', table.concat(line, ' '), id .. ':b', ARGV[9])
if redis.call('PTTL', KEYS[3]) < ttl then redis.call('PEXPIRE', KEYS[3], text(ttl)) end
remember()
return 'kept'
`);

/** KEYS: hashes that go. ARGV: most names, then the names, each behind an h, or an s for a soft purge. */
export const PURGE: Script = script(`
if not epoch then return 'nothing' end
last = math.max(now, last + 1)
for i = 4, #ARGV do redis.call('ZADD', KEYS[2], text(last), ARGV[i]) end
for i = 3, #KEYS do redis.call('UNLINK', KEYS[i]) end
local old = redis.call('ZREVRANGEBYSCORE', KEYS[2], text(now - longest * 1000), '(0', 'WITHSCORES', 'LIMIT', 0, 1)[2]
if old then
  floor = math.max(floor, tonumber(old))
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '(0', old)
end
local excess = redis.call('ZCARD', KEYS[2]) - 1 - tonumber(ARGV[3])
if excess > 0 then
  floor = math.max(floor, tonumber(redis.call('ZRANGE', KEYS[2], excess, excess, 'WITHSCORES')[2]))
  redis.call('ZREMRANGEBYRANK', KEYS[2], 1, excess)
end
redis.call('HSET', KEYS[1], 'last', text(last), 'floor', text(floor))
remember()
return 'purged'
`);

/** KEYS: the lease alone. */
export const HELD: Script = scriptOf(`return redis.call('EXISTS', KEYS[1])`);

/** KEYS: the lease alone. ARGV: token. */
export const END: Script = scriptOf(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

function script(body: string): Script {
  return scriptOf(PROLOGUE + body);
}
