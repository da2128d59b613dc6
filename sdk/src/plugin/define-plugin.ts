import type { ChatMessage, ChatRequest, ModelInfo, ProviderPart } from './chat.ts';
import type { HostApi } from './host-api.ts';

/** What every hook gets besides its input. */
export interface HookContext extends HostApi {
  /** The plugin's settings, as its schema shaped them. */
  settings: Readonly<Record<string, unknown>>;
  /** Aborted when the turn is stopped or the call's time is over. */
  signal: AbortSignal;
  /** BCP 47. */
  locale: string;
  /** IANA, such as `Europe/Berlin`. */
  timeZone: string;
  /** The current time, ISO 8601 in UTC. */
  now: string;
  /** Only with the `userProfile` permission. */
  user?: { nickname: string; language: string };
}

/** Of a provider hook: the connection an admin made. `secrets` holds placeholders that the host replaces on the way out. */
export interface ProviderContext extends HookContext {
  connection: { settings: Readonly<Record<string, unknown>>; secrets: Readonly<Record<string, string>> };
}

export interface LlmProvider {
  chat(request: ChatRequest, context: ProviderContext): AsyncIterable<ProviderPart>;
  /** Asks the server; throws when it can't be reached. */
  listModels?(context: ProviderContext): Promise<ModelInfo[]>;
}

/** A named part of the prompt as the trace shows it. */
export interface PromptSection {
  /** Such as `system`, `history`, or `publisher.name/local-id`. */
  source: string;
  message: ChatMessage;
}

export interface PromptTransform {
  /** Returns only what should change; `undefined` changes nothing. */
  transform(
    prompt: { messages: ChatMessage[]; model: string; isFirstTurn: boolean },
    context: HookContext,
  ): PromptChange | undefined | Promise<PromptChange | undefined>;
}
export interface PromptChange {
  /** Text put behind the system prompt (one is made when there is none). */
  appendSystem?: string;
  /** Replaces the whole list. Prefer `appendSystem`. */
  messages?: ChatMessage[];
  /** One line for the trace: what was done and why. */
  note?: string;
}

export interface ModerationInput {
  direction: 'input' | 'output';
  text: string;
}
export type Verdict =
  | { action: 'allow' }
  /** Lets it pass and marks the message for review. */
  | { action: 'flag'; rule: string; note?: string }
  /** Replaces the text. */
  | { action: 'mask'; text: string; rule: string; note?: string }
  | { action: 'block'; rule: string; note?: string };
export interface Moderator {
  check(input: ModerationInput, context: HookContext): Verdict | Promise<Verdict>;
}

/** What a stream filter lets go. `block` ends the reply; nothing after it is shown. */
export interface FilterResult {
  text: string;
  block?: { rule: string; note?: string };
  flag?: { rule: string; note?: string };
}
export interface StreamFilterRun {
  /** `text` is the next piece, cut anywhere. May keep back up to the declared `holdBackChars`. Must not depend on the cuts. */
  push(text: string): FilterResult;
  /** The stream is over: let go of everything kept back. */
  end(): FilterResult;
}
export interface StreamFilter {
  start(context: HookContext): StreamFilterRun;
}

/** Keys are the `id`s declared in the manifest. */
export interface PluginDefinition {
  providers?: Record<string, LlmProvider>;
  promptTransforms?: Record<string, PromptTransform>;
  moderators?: Record<string, Moderator>;
  streamFilters?: Record<string, StreamFilter>;
}

/** The default export of a plugin's server file. */
export function definePlugin(definition: PluginDefinition): PluginDefinition {
  return definition;
}
