"""What runs inside Redis: each step sees and changes generations, doubts and entries as one.

Keys of a call: first what it names, then a generation a tag, then a doubt a tag. A generation is a text that never
comes back; one that was deleted, evicted or lost is replaced by another. A doubt is a sorted set of commits under way,
by the time at which they are given up.
"""

from typing import Final

_NOW: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""
_DOUBT: Final = """
for i = first + n, first + 2 * n - 1 do
  if redis.call('ZCOUNT', KEYS[i], now, '+inf') > 0 then return DOUBTFUL end
end
"""
_GENERATIONS: Final = """
local seen = {}
for i = 1, n do
  local name = KEYS[first + i - 1]
  local generation = redis.call('GET', name)
  if not generation then
    generation = ARGV[1] .. '-' .. i
    redis.call('SET', name, generation, 'PX', ARGV[2])
  end
  seen[i] = generation
end
local ticket = table.concat(seen, ' ')
"""

# KEYS: entry, generations, doubts. ARGV: new generation, its ms. Gives the ticket and the entry; '' while in doubt.
LOOK: Final = f"""
local first, n = 2, (#KEYS - 1) / 2
{_NOW}{_DOUBT.replace("DOUBTFUL", "{''}")}{_GENERATIONS}
local entry = redis.call('GET', KEYS[1])
if entry and string.sub(entry, 1, #ticket + 1) == ticket .. '\\n' then
  return {{ticket, string.sub(entry, #ticket + 2)}}
end
return {{ticket}}
"""

# KEYS: entry, generations, doubts. ARGV: new generation, its ms, ticket, content, ttl in ms.
KEEP: Final = f"""
local first, n = 2, (#KEYS - 1) / 2
{_NOW}{_DOUBT.replace("DOUBTFUL", "0")}{_GENERATIONS}
if ticket ~= ARGV[3] then return 0 end
for i = first, first + n - 1 do
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
end
redis.call('SET', KEYS[1], ticket .. '\\n' .. ARGV[4], 'PX', ARGV[5])
return 1
"""

# KEYS: generations, doubts. ARGV: the commit, ms until it is given up.
BEGIN: Final = f"""
local n = #KEYS / 2
{_NOW}
for i = 1, n do redis.call('DEL', KEYS[i]) end
for i = n + 1, 2 * n do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - 1)
  redis.call('ZADD', KEYS[i], now + ARGV[2], ARGV[1])
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
end
return 1
"""

# KEYS: generations, doubts. ARGV: the commit. Its end, confirmed or not: a generation more or less does no harm.
END: Final = """
local n = #KEYS / 2
for i = 1, n do redis.call('DEL', KEYS[i]) end
for i = n + 1, 2 * n do redis.call('ZREM', KEYS[i], ARGV[1]) end
return 1
"""
