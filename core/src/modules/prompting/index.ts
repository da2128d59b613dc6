export { buildPrompt, type BuiltPrompt, type PromptInput } from './build-prompt.ts';
export { ConversationTitles, type TitleOccasion } from './conversation-titles.ts';
export { loadTokenCounter, type TokenCounter } from './count-tokens.ts';
export { countContent, countMessages, countWindow, fitWindow, promptBudget, type WindowMessage } from './fit-window.ts';
export { countKey, presentTrace } from './present-trace.ts';
export { ContextTooLong } from './prompting.errors.ts';
export { boundTrace, type StoredSection, type StoredTrace } from './trace.ts';
