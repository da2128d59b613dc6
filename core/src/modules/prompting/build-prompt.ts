import type { ChatMessage } from '@parley/sdk/plugin';
import type { HookStep, HookSubject, PromptHooks } from '../plugins/index.ts';
import { fitWindow, promptBudget, type WindowMessage } from './fit-window.ts';
import { promptSections, type SourcedMessage } from './prompt-sections.ts';
import type { StoredSection } from './trace.ts';

export interface PromptInput {
  /** Empty: none. Of an API client it stands in `messages`. */
  systemPrompt: string;
  /** In reading order, the newest last. */
  messages: readonly (WindowMessage & SourcedMessage)[];
  /** Public model id. */
  model: string;
  contextTokens: number;
  maxTokens?: number;
  /** Instead of what `contextTokens` leaves, after a provider found that too much. */
  budget?: number;
  isFirstTurn: boolean;
  /** False for API clients, who own their window: they are told that it is too long, not served half of it. */
  slide: boolean;
}
export interface BuiltPrompt {
  messages: ChatMessage[];
  sections: StoredSection[];
  omittedMessages: number;
  steps: HookStep[];
}

/** What the model sees: system prompt, the newest messages that fit, and what the prompt transforms make of them. */
export async function buildPrompt(input: PromptInput, hooks: PromptHooks, subject: HookSubject): Promise<BuiltPrompt> {
  const budget = input.budget ?? promptBudget(input.contextTokens, input.maxTokens);
  const system: (WindowMessage & SourcedMessage)[] =
    input.systemPrompt === '' ? [] : [{ message: { role: 'system', content: input.systemPrompt } }];
  const all = [...system, ...input.messages];
  const window = input.slide ? await fitWindow(all, budget) : all;
  const result = await hooks.run(
    { messages: window.map(({ message }) => message), model: input.model, isFirstTurn: input.isFirstTurn },
    subject,
  );
  // Hooks may have added more than there was room for; it is again the oldest messages that make way.
  const messages = input.slide
    ? (
        await fitWindow(
          result.messages.map((message) => ({ message })),
          budget,
        )
      ).map(({ message }) => message)
    : result.messages;
  const dropped = result.messages.length - messages.length;
  return {
    messages,
    sections: promptSections(messages, input.systemPrompt, result.additions, window.slice(system.length)),
    omittedMessages: all.length - window.length + dropped,
    steps: result.steps,
  };
}
