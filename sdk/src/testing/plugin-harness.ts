import type { PluginManifest } from '../contract/plugin-manifest.ts';
import { bundlePlugin } from '../package/index.ts';
import type { ChatMessage, ChatRequest, ModelInfo, ProviderPart } from '../plugin/chat.ts';
import type { FilterResult, ModerationInput, PromptChange, Verdict } from '../plugin/define-plugin.ts';
import { createSandboxHost } from '../sandbox/index.ts';
import type {
  CapabilityHandler,
  Grants,
  HookCall,
  HookKind,
  PluginKey,
  PluginLogLine,
  SandboxHealthEvent,
  SandboxHost,
  SandboxLimits,
  TrustGroup,
} from '../sandbox/index.ts';
import { bindSecrets, grantAll } from './grants-from-manifest.ts';
import { memoryStorage } from './memory-storage.ts';
import { streamParts } from './stream-parts.ts';
import { withDefaults } from './setting-defaults.ts';

export interface HarnessOptions {
  /** A plugin folder; it is bundled as for a release. Or, instead, `manifest` and `source`. */
  folder?: string;
  manifest?: PluginManifest;
  /** JavaScript without imports (see `bundleSource` for anything else). */
  source?: string;
  trust?: TrustGroup;
  /** Default: all that the manifest asks for. */
  grants?: Partial<Grants>;
  settings?: Record<string, unknown>;
  limits?: Partial<SandboxLimits>;
  /** What the host offers, by name; `storage` in memory is there from the start. */
  capabilities?: Record<string, CapabilityHandler>;
  /** Of a provider: settings and secrets of the connection its hooks are called with. */
  connection?: { settings?: Record<string, unknown>; secrets?: Record<string, string> };
  /** Joined into each hook's context; defaults to English, UTC and a fixed time. */
  context?: Record<string, unknown>;
}
export interface CallOptions {
  signal?: AbortSignal;
  context?: Record<string, unknown>;
  deadlineMs?: number;
  userId?: string;
}
export interface RecordedHostCall {
  name: string;
  args: unknown;
}

/** A plugin in the real worker, under the real limits, with its hooks at hand and everything it asked for on record. */
export interface PluginHarness {
  readonly host: SandboxHost;
  readonly plugin: PluginKey;
  readonly hostCalls: RecordedHostCall[];
  readonly logs: PluginLogLine[];
  readonly healthEvents: SandboxHealthEvent[];
  transform(
    id: string,
    prompt: { messages: ChatMessage[]; model?: string; isFirstTurn?: boolean },
    options?: CallOptions,
  ): Promise<PromptChange | undefined>;
  check(id: string, input: ModerationInput, options?: CallOptions): Promise<Verdict>;
  /** Leaving the loop early stops the call, as a user would. Throws the `SandboxFailure` that ended it. */
  chat(id: string, request: ChatRequest, options?: CallOptions): AsyncIterable<ProviderPart>;
  listModels(id: string, options?: CallOptions): Promise<ModelInfo[]>;
  /** Pushes the pieces one after the other and ends: the text as a reader would see it, and each answer. Stops at a `block`. */
  filter(id: string, pieces: string[], options?: CallOptions): Promise<{ text: string; results: FilterResult[] }>;
  close(): Promise<void>;
}

export async function createPluginHarness(options: HarnessOptions): Promise<PluginHarness> {
  const { manifest, code } = await pluginOf(options);
  const hostCalls: RecordedHostCall[] = [];
  const logs: PluginLogLine[] = [];
  const healthEvents: SandboxHealthEvent[] = [];
  const trust = options.trust ?? (manifest.sharedContext ? 'official' : 'dev');
  const [provider] = manifest.contributes.providers;
  const connectionSettings = withDefaults(provider?.settings, options.connection?.settings);
  const settings = withDefaults(manifest.settings, options.settings);
  const grants = { ...grantAll(manifest, { ...settings, ...connectionSettings }), ...options.grants };
  const secrets = bindSecrets(manifest, options.connection?.secrets ?? {}, { ...settings, ...connectionSettings });

  const host = createSandboxHost({
    capabilities: recorded({ storage: memoryStorage(), ...options.capabilities }, hostCalls),
    onLog: (line) => void logs.push(line),
    onHealth: (event) => void healthEvents.push(event),
  });
  const plugin: PluginKey = `${manifest.id}@${manifest.version}`;
  try {
    await host.load({
      id: manifest.id,
      version: manifest.version,
      trust,
      manifest,
      code,
      grants,
      settings,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
  } catch (failure) {
    await host.stop();
    throw failure;
  }

  const hook = (
    kind: HookKind,
    contribution: string,
    method: string,
    input: unknown,
    call: CallOptions = {},
  ): HookCall => ({
    plugin,
    kind,
    contribution,
    method,
    input,
    context: {
      locale: 'en',
      timeZone: 'UTC',
      now: '2026-11-21T12:00:00.000Z',
      ...(kind === 'providers' ? { connection: { settings: connectionSettings } } : {}),
      ...options.context,
      ...call.context,
    },
    connection: { network: [], secrets },
    subject: { userId: call.userId ?? 'user-1', turnId: 'turn-1', conversationId: 'conversation-1' },
    ...(call.signal === undefined ? {} : { signal: call.signal }),
    ...(call.deadlineMs === undefined ? {} : { deadlineMs: call.deadlineMs }),
  });

  return {
    host,
    plugin,
    hostCalls,
    logs,
    healthEvents,
    async transform(id, prompt, call) {
      const input = { model: 'model-1', isFirstTurn: true, ...prompt };
      const change = (await host.call(hook('promptTransforms', id, 'transform', input, call))) as PromptChange | null;
      return change ?? undefined;
    },
    check: async (id, input, call) => (await host.call(hook('moderators', id, 'check', input, call))) as Verdict,
    chat: (id, request, call) => streamParts(host, hook('providers', id, 'chat', request, call)),
    listModels: async (id, call) =>
      (await host.call(hook('providers', id, 'listModels', undefined, call))) as ModelInfo[],
    async filter(id, pieces, call) {
      const run = await host.openFilter(hook('streamFilters', id, 'start', undefined, call));
      const results: FilterResult[] = [];
      for (const piece of pieces) {
        results.push((await run.push(piece)) as FilterResult);
        if (results.at(-1)?.block !== undefined) break;
      }
      if (results.at(-1)?.block === undefined) results.push((await run.end()) as FilterResult);
      run.close();
      return { text: results.map((result) => result.text).join(''), results };
    },
    close: () => host.stop(),
  };
}

async function pluginOf(options: HarnessOptions): Promise<{ manifest: PluginManifest; code: string }> {
  if (options.folder !== undefined) return bundlePlugin(options.folder);
  if (options.manifest === undefined || options.source === undefined)
    throw new Error('a harness needs a folder, or a manifest and a source');
  return { manifest: options.manifest, code: options.source };
}

function recorded(
  handlers: Record<string, CapabilityHandler>,
  calls: RecordedHostCall[],
): Record<string, CapabilityHandler> {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]): [string, CapabilityHandler] => [
      name,
      (call) => {
        calls.push({ name: call.name, args: call.args });
        return handler(call);
      },
    ]),
  );
}
