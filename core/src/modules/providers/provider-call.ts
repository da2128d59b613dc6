import type { FinishReason, ProviderError } from '@parley/sdk/plugin';
import type { SandboxFailure, SandboxHost } from '@parley/sdk/sandbox';
import type { HookRunner, HookSubject } from '../plugins/index.ts';
import type { LiveConnection } from './model-catalogue.ts';
import { BadPart, parseParts } from './parse-parts.ts';
import type { ProviderSink, ReportedUsage } from './provider-types.ts';

/** How one call of a provider ended. */
export interface CallEnd {
  finishReason: FinishReason | null;
  usage: ReportedUsage | null;
  error: ProviderError | null;
  plugin: string | null;
}

/** Calls the provider's plugin once. Whatever it does, `onEnd` comes exactly once and nothing after it. */
export function callProvider(
  deps: { sandbox: SandboxHost; hooks: HookRunner },
  call: { connection: LiveConnection; request: unknown; subject: HookSubject },
  sink: Pick<ProviderSink, 'onParts' | 'filter'> & { onEnd(end: CallEnd): void },
): { abort(): void } {
  const { connection, subject } = call;
  let usage: ReportedUsage | null = null;
  let ended = false;

  const end = (finishReason: FinishReason | null, error: ProviderError | null, plugin: string | null = null) => {
    if (ended) return;
    ended = true;
    sink.onEnd({ finishReason, usage, error, plugin });
  };

  const handle = deps.sandbox.stream(
    {
      plugin: connection.plugin,
      kind: 'providers',
      contribution: connection.contribution,
      method: 'chat',
      input: call.request,
      context: { ...deps.hooks.contextOf(connection.pluginId, subject), connection: { settings: connection.settings } },
      connection: { network: connection.network, secrets: connection.secrets },
      subject: { userId: subject.userId, turnId: subject.turnId, conversationId: subject.conversationId ?? undefined },
    },
    {
      filter: sink.filter,
      onParts(raw, filtered) {
        if (ended) return;
        try {
          const parsed = parseParts(raw, filtered);
          usage = parsed.usage ?? usage;
          if (parsed.content.length > 0) sink.onParts(parsed.content);
          if (parsed.error !== null) end(null, parsed.error);
          else if (parsed.finish !== null) end(parsed.finish, null);
        } catch (error) {
          if (!(error instanceof BadPart)) throw error;
          end(null, fault('server', `The plugin broke the rules: ${error.message}.`), connection.pluginId);
          handle.abort();
        }
      },
      onEnd(failure) {
        if (failure === undefined) {
          end(null, { ...fault('interrupted', 'The stream ended without a finish.'), retryable: true });
        } else if (failure.code === 'sandbox.aborted') {
          end(null, fault('interrupted', 'The call was stopped.'));
        } else {
          end(null, sandboxError(failure), connection.pluginId);
        }
      },
    },
  );
  return handle;
}

function sandboxError(failure: SandboxFailure): ProviderError {
  if (failure.code === 'sandbox.timed-out') return fault('timeout', failure.message);
  return fault(failure.code === 'sandbox.resting' ? 'overloaded' : 'server', failure.message);
}

function fault(errorClass: ProviderError['class'], message: string): ProviderError {
  return { class: errorClass, retryable: false, message };
}
