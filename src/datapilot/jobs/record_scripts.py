"""What a record goes through in one step each, as scripts (Lua) that the server runs whole or not at all.

KEYS are the record, the waiting and the running jobs, then what the script names; ARGV begins with the job's id, the
time now and how long the record is kept, in seconds. The pure rules that they follow are `lifecycle`'s.
"""

# What every script begins with. `write` changes fields and tells the watchers; `close` also ends the job's life and
# counts it; its first two arguments are 'status' and the status.
PRELUDE = """
local job, waiting, running = KEYS[1], KEYS[2], KEYS[3]
local id, now, keep_s = ARGV[1], ARGV[2], ARGV[3]
local status = redis.call('HGET', job, 'status')
local function is_final() return status == 'completed' or status == 'failed' or status == 'cancelled' end
local function write(...)
  redis.call('HSET', job, 'updatedAt', now, ...)
  redis.call('HINCRBY', job, 'revision', 1)
  redis.call('EXPIRE', job, keep_s)
  redis.call('PUBLISH', job .. ':changed', '1')
end
local function close(...)
  write(...)
  redis.call('HINCRBY', 'jobs:totals', select(2, ...), 1)
  redis.call('ZREM', waiting, id)
  redis.call('ZREM', running, id)
end
local function refusal(attempt)
  if not status or status == 'failed' or status == 'cancelled' then return 'over' end
  if status ~= 'processing' or redis.call('HGET', job, 'attempt') ~= attempt then return 'superseded' end
  return nil
end
local function record() return redis.call('HGETALL', job) end
"""

# KEYS[4…] lists of newest jobs: of all, and of the owner if there is one; ARGV: id now keep_s score kept, then the
# fields of the record.
CREATE = """
if status then return 0 end
redis.call('HSET', job, unpack(ARGV, 6))
redis.call('EXPIRE', job, keep_s)
redis.call('ZADD', waiting, ARGV[4], id)
redis.call('HINCRBY', 'jobs:totals', 'received', 1)
for list = 4, #KEYS do
  redis.call('ZADD', KEYS[list], ARGV[4], id)
  redis.call('ZREMRANGEBYRANK', KEYS[list], 0, -1 - tonumber(ARGV[5]))
  redis.call('EXPIRE', KEYS[list], keep_s)
end
return 1
"""

# ARGV: id now keep_s score timeout_at request. Asked again after a lost answer it says the same.
RESUBMIT = """
if not status then return {'unknown', {}} end
if not is_final() then
  local asked = redis.call('HMGET', job, 'timeoutAt', 'request')
  return {asked[1] == ARGV[5] and asked[2] == ARGV[6] and 'done' or 'living', record()}
end
redis.call('HDEL', job, 'error', 'errorMessage', 'resultUrl', 'cancelledAt', 'beatAt')
write('status', 'submitted', 'step', 'queued', 'progress', 0, 'detail', '', 'timeoutAt', ARGV[5], 'request', ARGV[6],
  'attemptsBefore', redis.call('HGET', job, 'attempt'))
redis.call('ZADD', waiting, ARGV[4], id)
redis.call('HINCRBY', 'jobs:totals', 'received', 1)
return {'done', record()}
"""

# ARGV: id now keep_s score worker max_attempts, then error and message of a timeout, of too many attempts.
START = """
if not status or is_final() then return {'no', {}} end
if now >= redis.call('HGET', job, 'timeoutAt') then
  close('status', 'failed', 'error', ARGV[7], 'errorMessage', ARGV[8])
  return {'ended', record()}
end
local before = tonumber(redis.call('HGET', job, 'attemptsBefore') or 0)
if tonumber(redis.call('HGET', job, 'attempt')) - before >= tonumber(ARGV[6]) then
  close('status', 'failed', 'error', ARGV[9], 'errorMessage', ARGV[10])
  return {'ended', record()}
end
redis.call('HINCRBY', job, 'attempt', 1)
write('status', 'processing', 'step', 'queued', 'progress', 0, 'detail', '', 'worker', ARGV[5], 'beatAt', now)
redis.call('ZREM', waiting, id)
redis.call('ZADD', running, ARGV[4], id)
return {'started', record()}
"""

# ARGV: id now keep_s attempt. The beat tells the reconciling sweep that the attempt lives.
STATE = """
local refused = refusal(ARGV[4])
if refused then return refused end
redis.call('HSET', job, 'beatAt', now)
return 'owner'
"""

# ARGV: id now keep_s attempt step progress detail.
REPORT = """
if refusal(ARGV[4]) then return 0 end
write('step', ARGV[5], 'progress', ARGV[6], 'detail', ARGV[7], 'beatAt', now)
return 1
"""

# ARGV: id now keep_s attempt status, then the fields to set. Asked again after a lost answer it says the same.
FINISH = """
if status == ARGV[5] and redis.call('HGET', job, 'attempt') == ARGV[4] then return {'done', record()} end
local refused = refusal(ARGV[4])
if refused then return {refused, {}} end
close('status', ARGV[5], unpack(ARGV, 6))
return {'done', record()}
"""

# ARGV: id now keep_s.
CANCEL = """
if not status then return {'unknown', {}} end
if status == 'submitted' or status == 'processing' then close('status', 'cancelled', 'cancelledAt', now) end
return {'known', record()}
"""

# ARGV: id now keep_s error message.
EXPIRE = """
if not status or is_final() or now < redis.call('HGET', job, 'timeoutAt') then return 0 end
close('status', 'failed', 'error', ARGV[4], 'errorMessage', ARGV[5])
return 1
"""

# KEYS[4] recent; ARGV: id now keep_s, then when the job was changed last, if that matters.
FORGET = """
if status and not is_final() then return 0 end
if ARGV[4] and (redis.call('HGET', job, 'updatedAt') or '') ~= ARGV[4] then return 0 end
local request = redis.call('HGET', job, 'request')
local owner = request and cjson.decode(request)['owner']
if type(owner) == 'string' then redis.call('ZREM', KEYS[4] .. ':' .. owner, id) end
redis.call('ZREM', KEYS[4], id)
return redis.call('DEL', job)
"""
