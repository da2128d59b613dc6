import type { ProviderError } from '@parley/sdk/plugin';
import type { SandboxHost } from '@parley/sdk/sandbox';
import type { HookRunner } from '../plugins/index.ts';
import type { CallSlots } from './call-slots.ts';
import type { ConnectionHealth } from './connection-health.ts';
import type { ModelCatalogue } from './model-catalogue.ts';
import { type CallEnd, callProvider } from './provider-call.ts';
import type { ProviderRouter } from './provider-types.ts';
import { retryDelay } from './retry-delay.ts';

export function createProviderRouter(deps: {
  sandbox: SandboxHost;
  hooks: HookRunner;
  catalogue: ModelCatalogue;
  health: ConnectionHealth;
  slots: CallSlots;
  random(): number;
}): ProviderRouter {
  return {
    chat(model, request, subject, sink) {
      let attempts = 0;
      let hasContent = false;
      let isOver = false;
      let call: { abort(): void } | undefined;
      let pause: NodeJS.Timeout | undefined;

      function finish(end: CallEnd): void {
        isOver = true;
        clearTimeout(pause);
        giveBack();
        sink.onEnd({ ...end, attempts });
      }

      function attempt(): void {
        const connection = deps.catalogue.connection(model.connectionId);
        if (connection === undefined) {
          finish({ finishReason: null, usage: null, error: switchedOff, plugin: null });
          return;
        }
        attempts += 1;
        call = callProvider(
          deps,
          { connection, request: { ...request, model: model.providerModel }, subject },
          {
            filter: sink.filter,
            onParts(parts) {
              if (isOver) return;
              hasContent = true;
              sink.onParts(parts);
            },
            onEnd: settle,
          },
        );
      }

      function settle(end: CallEnd): void {
        if (isOver) return;
        if (end.error === null) deps.health.succeeded(model.connectionId);
        else deps.health.failed(model.connectionId, end.error);
        const wait = end.error === null || hasContent ? null : retryDelay(end.error, attempts, deps.random());
        if (wait === null) finish(end);
        else pause = setTimeout(attempt, wait);
      }

      // A free place starts the call at once, before `take` has returned its undo: so the start waits for the next microtask.
      const giveBack = deps.slots.take(
        model.connectionId,
        () => queueMicrotask(() => isOver || attempt()),
        (ahead) => sink.onQueued(ahead),
      );

      return {
        abort() {
          if (isOver) return;
          finish({ finishReason: null, usage: null, error: stopped, plugin: null });
          call?.abort();
        },
      };
    },
    doubted: (model) => deps.health.doubted(model.connectionId),
  };
}

const stopped: ProviderError = { class: 'interrupted', retryable: false, message: 'The call was stopped.' };
const switchedOff: ProviderError = {
  class: 'bad_request',
  retryable: false,
  message: "The model's connection was switched off.",
};
