import type { SandboxHost } from '@parley/sdk/sandbox';
import type { HealthCheck } from './health.ts';

/** A plugin at rest costs its own calls only, so it never makes the instance unready. */
export function sandboxCheck(sandbox: Pick<SandboxHost, 'health'>): HealthCheck {
  return {
    name: 'sandbox',
    check() {
      const { plugins, workers } = sandbox.health();
      const unwell = plugins.filter((plugin) => plugin.state !== 'healthy').map((plugin) => plugin.plugin);
      if (unwell.length > 0) return { state: 'degraded', detail: `at rest: ${unwell.join(', ')}` };
      return { state: 'ok', detail: `${plugins.length} plugins in ${workers.length} workers` };
    },
  };
}
