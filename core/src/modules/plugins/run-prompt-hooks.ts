import type { ChatMessage } from '@parley/sdk/plugin';
import { z } from 'zod';
import type { HookStep } from './hook-subject.ts';
import type { HookRunner } from './hook-runner.ts';
import type { PluginRegistry } from './plugin-registry.ts';
import type { PromptHooks } from './prompt-hooks.ts';

const Part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image'), url: z.string(), detail: z.enum(['auto', 'low', 'high']).optional() }),
]);
const Message = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(Part)]),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })).optional(),
  toolCallId: z.string().optional(),
  name: z.string().optional(),
});
const Change = z.object({
  appendSystem: z.string().max(200_000).optional(),
  messages: z.array(Message).min(1).max(20_000).optional(),
  note: z.string().max(1_000).optional(),
});

/** Runs the transforms one after another: each sees what the one before it made. */
export function createPromptHooks(deps: { registry: PluginRegistry; runner: HookRunner }): PromptHooks {
  return {
    async run(draft, subject) {
      let messages = draft.messages;
      const additions: { source: string; text: string }[] = [];
      const steps: HookStep[] = [];
      for (const hook of deps.registry.activeHooks('promptTransforms')) {
        const { value, failed, ms } = await deps.runner.run(hook, {
          kind: 'promptTransforms',
          method: 'transform',
          input: { messages, model: draft.model, isFirstTurn: draft.isFirstTurn },
          subject,
          answer: Change,
        });
        const step = { source: hook.ref, kind: 'prompt' as const, ms };
        if (failed !== null) {
          steps.push({ ...step, note: failed, outcome: 'failed' });
          continue;
        }
        if (value?.messages !== undefined) messages = value.messages;
        if (value?.appendSystem !== undefined && value.appendSystem !== '') {
          messages = appendToSystem(messages, value.appendSystem);
          additions.push({ source: hook.ref, text: value.appendSystem });
        }
        const changed = value?.messages !== undefined || (value?.appendSystem ?? '') !== '';
        steps.push({ ...step, note: value?.note ?? '', outcome: changed ? 'changed' : 'unchanged' });
      }
      return { messages, additions, steps };
    },
  };
}

function appendToSystem(messages: readonly ChatMessage[], text: string): ChatMessage[] {
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: text }, ...messages];
  const content =
    typeof first.content === 'string'
      ? `${first.content}\n\n${text}`
      : [...first.content, { type: 'text' as const, text }];
  return [{ ...first, content }, ...rest];
}
