import type { HookKind, PluginKey, SandboxHost } from '@parley/sdk/sandbox';
import { SandboxFailure } from '@parley/sdk/sandbox';
import type { z } from 'zod';
import type { Hook, OrderedKind } from './hook-order.ts';
import type { HookSubject } from './hook-subject.ts';
import type { PluginRegistry } from './plugin-registry.ts';
import type { Tracer } from '../../observability/tracing/tracer.ts';
import { HookFailed } from './plugins.errors.ts';

/** A hook's answer; `failed` holds a sentence when an open hook failed and was passed over. */
export interface HookAnswer<T> {
  value: T | null;
  failed: string | null;
  ms: number;
}

export interface HookRunner {
  /** Calls a hook and checks its answer. Throws `HookFailed` when a closed one fails. */
  run<T>(
    hook: Hook,
    call: { kind: OrderedKind; method: string; input: unknown; subject: HookSubject; answer: z.ZodType<T> },
  ): Promise<HookAnswer<T>>;
  /** What goes with a call: language, time, and the user where that was granted. */
  contextOf(plugin: string, subject: HookSubject): Record<string, unknown>;
  /** A failure as the hook's `onFailure` wants it: a sentence, or a `HookFailed` is thrown. */
  settleFailure(hook: Hook, error: unknown): string;
}

/** Longest a transform or a gate may keep a person waiting. */
const hookDeadlineMs = 5_000;

export function createHookRunner(deps: {
  sandbox: SandboxHost;
  registry: PluginRegistry;
  tracer: Tracer;
  onFailure(plugin: PluginKey, kind: HookKind, error: unknown): void;
}): HookRunner {
  const contextOf: HookRunner['contextOf'] = (plugin, subject) => {
    const context: Record<string, unknown> = {
      locale: subject.language,
      timeZone: subject.timeZone,
      now: new Date().toISOString(),
    };
    const entry = deps.registry.find(plugin);
    const wish = entry?.package.manifest.permissions.userProfile;
    if (wish !== undefined && !entry!.refusedPermissions.includes('userProfile')) {
      context.user = { nickname: subject.nickname, language: subject.language };
    }
    return context;
  };

  const settleFailure: HookRunner['settleFailure'] = (hook, error) => {
    const failure = error instanceof SandboxFailure ? error.code : 'invalid-answer';
    if (hook.onFailure === 'closed') throw HookFailed({ plugin: hook.pluginId, failure });
    return `failed (${failure}) and was passed over`;
  };

  return {
    contextOf,
    settleFailure,
    async run(hook, { kind, method, input, subject, answer }) {
      const started = performance.now();
      try {
        const attributes = { 'parley.plugin': hook.plugin, 'parley.hook': hook.ref, 'parley.hook.kind': kind };
        const call = () =>
          deps.sandbox.call({
            plugin: hook.plugin,
            kind,
            contribution: hook.contribution,
            method,
            input,
            context: contextOf(hook.pluginId, subject),
            subject: {
              userId: subject.userId,
              turnId: subject.turnId,
              conversationId: subject.conversationId ?? undefined,
            },
            signal: subject.signal,
            deadlineMs: hookDeadlineMs,
          });
        const raw = await deps.tracer.span('hook', { attributes }, call);
        const value = raw === undefined || raw === null ? null : answer.parse(raw);
        return { value, failed: null, ms: performance.now() - started };
      } catch (error) {
        subject.signal.throwIfAborted();
        deps.onFailure(hook.plugin, kind, error);
        return { value: null, failed: settleFailure(hook, error), ms: performance.now() - started };
      }
    },
  };
}
