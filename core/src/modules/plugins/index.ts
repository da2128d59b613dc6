export type { HookStep, HookSubject } from './hook-subject.ts';
export type { PromptDraft, PromptHooks } from './prompt-hooks.ts';
