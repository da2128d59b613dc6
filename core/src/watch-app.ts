import type { PluginKey } from '@parley/sdk/sandbox';
import type { Modules } from './app.ts';
import type { Platform } from './platform.ts';
import type { RealtimeServer } from './realtime/server.ts';

/** Shows the metrics where to look, and tells them what modules tell each other. Lives as long as the app. */
export function watchApp(app: { platform: Platform; modules: Modules; realtime: RealtimeServer }): void {
  const { platform, modules, realtime } = app;
  const { metrics, events, redis, database, cache } = platform;
  const { chat, plugins, providers } = modules;

  metrics.database.watch(() => database.pool);
  metrics.redis.watch(() => (redis === null ? 'off' : redis.isReady() ? 'up' : 'degraded'));
  metrics.caches.watch(() => cache.statistics());
  metrics.sockets.watch(() => realtime.socketCount());
  metrics.sandbox.watch(() => {
    const { plugins: loaded, workers } = plugins.sandbox.health();
    // Without its version: an update goes on in the same series.
    return {
      ...plugins.sandbox.counts(),
      workers,
      plugins: loaded.map((one) => ({ ...one, plugin: idOf(one.plugin) })),
    };
  });
  metrics.turns.watch(() => chat.openStates());
  metrics.turns.knowModels((id) => providers.models.list().some(({ publicId }) => publicId === id));
  events.on('turn.settled', (turn) => metrics.turns.ended(turn));
  events.on('turn.reaped', () => metrics.turns.reaped());
}

function idOf(key: PluginKey): string {
  return key.slice(0, key.lastIndexOf('@'));
}
