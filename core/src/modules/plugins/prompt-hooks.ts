import type { ChatMessage } from '@parley/sdk/plugin';
import type { HookStep, HookSubject } from './hook-subject.ts';

export interface PromptDraft {
  messages: ChatMessage[];
  /** Public model id. */
  model: string;
  isFirstTurn: boolean;
}

/** Runs the prompt transforms in their resolved order. */
export interface PromptHooks {
  /** `additions` are the texts put behind the system prompt, by source, for the trace; they already stand in `messages`. */
  run(
    draft: PromptDraft,
    subject: HookSubject,
  ): Promise<{ messages: ChatMessage[]; additions: { source: string; text: string }[]; steps: HookStep[] }>;
}
