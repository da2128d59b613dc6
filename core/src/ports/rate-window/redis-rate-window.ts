import type { Redis } from 'ioredis';
import { type RateWindow, STEPS, type Taken } from './rate-window.ts';

/** One step for all instances, by one clock: Redis's own. */
const ASK = `
local time = redis.call('time')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local limit, window, step = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[2]) / tonumber(ARGV[3])
local takes = ARGV[4] == '1'
local counts, gone, used, oldest = redis.call('hgetall', KEYS[1]), {}, 0, nil
for i = 1, #counts, 2 do
  local at = tonumber(counts[i])
  if (at + 1) * step + window <= now then
    gone[#gone + 1] = counts[i]
  else
    used = used + tonumber(counts[i + 1])
    if oldest == nil or at < oldest then oldest = at end
  end
end
if #gone > 0 then redis.call('hdel', KEYS[1], unpack(gone)) end
local taken = 0
if takes and used < limit then
  local at = math.floor(now / step)
  redis.call('hincrby', KEYS[1], string.format('%d', at), 1)
  redis.call('pexpire', KEYS[1], math.ceil(window + step))
  taken, used, oldest = 1, used + 1, oldest or at
end
local wait = window
if oldest ~= nil then wait = (oldest + 1) * step + window - now end
return {taken, math.max(0, limit - used), math.ceil(wait)}`;

const MAX_REFUSED_KEYS = 10_000;

/** Counted together with all instances on this Redis. */
export function createRedisRateWindow(redis: Redis, prefix = 'parley:rate:'): RateWindow {
  // Nothing can become free before, so whoever goes on asking is refused from here and costs Redis nothing.
  const refusedUntil = new Map<string, number>();

  async function ask(key: string, limit: number, windowMs: number, takes: boolean): Promise<Taken> {
    const answer = await redis.eval(ASK, 1, prefix + key, limit, windowMs, STEPS, takes ? 1 : 0);
    const [taken, remaining, waitMs] = answer as [number, number, number];
    return { isTaken: taken === 1, remaining, waitMs };
  }

  return {
    async take(key, limit, windowMs) {
      // A limit that was raised meanwhile is asked about anew.
      const asked = `${limit} ${key}`;
      const until = refusedUntil.get(asked) ?? 0;
      const nowMs = performance.now();
      if (until > nowMs) return { isTaken: false, remaining: 0, waitMs: until - nowMs };
      refusedUntil.delete(asked);

      const taken = await ask(key, limit, windowMs, true);
      if (!taken.isTaken) {
        if (refusedUntil.size >= MAX_REFUSED_KEYS) refusedUntil.delete(refusedUntil.keys().next().value!);
        refusedUntil.set(asked, performance.now() + taken.waitMs);
      }
      return taken;
    },
    async look(key, limit, windowMs) {
      const { remaining, waitMs } = await ask(key, limit, windowMs, false);
      return { remaining, waitMs };
    },
  };
}
