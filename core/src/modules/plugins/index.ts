import { createSandboxHost, type PluginKey, type SandboxHealthEvent, type SandboxHost } from '@parley/sdk/sandbox';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { Logger } from '../../observability/logger.ts';
import type { Tracer } from '../../observability/tracing/tracer.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Audit } from '../audit/index.ts';
import { storageCapabilities } from './capabilities/storage.ts';
import { createHookRunner, type HookRunner } from './hook-runner.ts';
import { readPluginPackages } from './plugin-package.ts';
import { createPluginRegistry, type PluginRegistry } from './plugin-registry.ts';
import { pluginRoutes } from './plugins.routes.ts';
import { PluginsService, pluginsTopic } from './plugins.service.ts';
import type { PromptHooks } from './prompt-hooks.ts';
import { createPromptHooks } from './run-prompt-hooks.ts';
import { createSandboxSync } from './sandbox-sync.ts';
import type { ApiRoute } from '../../http/api-route.ts';

export { HookOrder, Plugin, PluginStorage } from './plugin.entity.ts';
export { HookFailed } from './plugins.errors.ts';
export { bindSecrets, resolveNetwork } from './resolve-grants.ts';
export { checkSettings } from './settings-schema.ts';
export type { Hook } from './hook-order.ts';
export type { HookRunner } from './hook-runner.ts';
export type { HookStep, HookSubject } from './hook-subject.ts';
export type { InstalledEntry, PluginRegistry } from './plugin-registry.ts';
export type { PromptDraft, PromptHooks } from './prompt-hooks.ts';

export interface PluginsDeps {
  em(): EntityManager;
  pool: Pool;
  changes: ChangeFeed;
  audit: Audit;
  log: Logger;
  tracer: Tracer;
  /** Where the plugins that come with Parley lie. */
  officialFolder: string;
}

export interface PluginsModule {
  registry: PluginRegistry;
  sandbox: SandboxHost;
  hooks: HookRunner;
  promptHooks: PromptHooks;
  service: PluginsService;
  routes: ApiRoute[];
  /** Called after the registry changed, here or on another instance. Returns the undo. */
  onChanged(listener: () => void): () => void;
  stop(): Promise<void>;
}

export async function createPluginsModule(deps: PluginsDeps): Promise<PluginsModule> {
  const { em, changes, audit, log } = deps;
  const packages = await readPluginPackages(deps.officialFolder, 'official', (folder, error) =>
    log.error({ folder, err: error }, 'A plugin folder could not be read'),
  );
  const registry = createPluginRegistry({ packages, em });
  const sandbox = createSandboxHost({
    capabilities: storageCapabilities({ pool: deps.pool, registry }),
    onLog: ({ plugin, level, text, subject }) =>
      log[level]({ plugin, turnId: subject?.turnId, userId: subject?.userId, pluginText: text }, 'A plugin says'),
    onHealth: (event) => logHealth(log, event),
  });
  const onLoadError = (plugin: PluginKey, error: unknown) =>
    log.error({ plugin, err: error }, 'A plugin could not be loaded');
  const sync = createSandboxSync({ sandbox, registry, onLoadError });
  const service = new PluginsService({ em, registry, sandbox, sync, changes, audit });
  const hooks = createHookRunner({
    sandbox,
    registry,
    tracer: deps.tracer,
    onFailure: (plugin, kind, error) => log.warn({ plugin, kind, err: error }, 'A hook failed'),
  });
  const listeners = new Set<() => void>();

  await sandbox.start();
  await service.refresh();
  const stopListening = changes.on(pluginsTopic, () => {
    service.refresh().then(
      () => {
        for (const listener of listeners) listener();
      },
      (error: unknown) => log.error({ err: error }, 'Changed plugins could not be read again'),
    );
  });

  return {
    registry,
    sandbox,
    hooks,
    promptHooks: createPromptHooks({ registry, runner: hooks }),
    service,
    routes: pluginRoutes({ service, registry, sandbox, sync }),
    onChanged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      stopListening();
      await sandbox.stop();
    },
  };
}

function logHealth(log: Logger, event: SandboxHealthEvent): void {
  // Workers start with the first call of a group: that is no news.
  const level = event.type === 'worker-start' ? 'debug' : event.type === 'breaker-closed' ? 'info' : 'warn';
  log[level]({ event: event.type, plugin: event.plugin, group: event.group, reason: event.reason }, 'Sandbox');
}
