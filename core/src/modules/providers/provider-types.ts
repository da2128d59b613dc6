import type { ChatRequest, FinishReason, ProviderError, ProviderPart } from '@parley/sdk/plugin';
import type { FilterHandle } from '@parley/sdk/sandbox';
import type { HookSubject } from '../plugins/index.ts';

/** A model an admin enabled, with all that a turn needs to use it. */
export interface ResolvedModel {
  /** `connection-slug/model-id`, what people and API clients name. */
  publicId: string;
  name: string;
  /** The provider's own id. */
  providerModel: string;
  connectionId: string;
  connectionName: string;
  /** `publisher.name/local-id`. */
  providerRef: string;
  contextTokens: number;
  vision: boolean;
  tools: boolean;
}

/** Content parts, in order, validated; adjacent text is already joined. */
export type ContentPart = Extract<ProviderPart, { type: 'text' | 'reasoning' | 'toolCall' }>;
/** A part as it comes from the sandbox: `filtered` is the answer of the sink's filter, where that has been fed beside the provider. */
export type StreamedPart = ContentPart & { filtered?: unknown };

export interface ProviderSink {
  /** Waiting for a free place; `ahead` calls are before this one. */
  onQueued(ahead: number): void;
  onParts(parts: StreamedPart[]): void;
  /** What all texts are pushed through; the sandbox may do so on the way. */
  filter?: FilterHandle | undefined;
  /** Once, last. Absurd usage has been dropped; `usage` is absent when the provider gave none. */
  onEnd(end: ProviderEnd): void;
}
/** What the provider says of tokens. */
export interface ReportedUsage {
  input?: number;
  output?: number;
  reasoning?: number;
  cachedInput?: number;
  /** It said something that is no count at all; that was dropped. */
  isDoubtful?: boolean;
}
export interface ProviderEnd {
  finishReason: FinishReason | null;
  usage: ReportedUsage | null;
  /** Set when the call failed; content may have come before. */
  error: ProviderError | null;
  /** Set when the provider's plugin, not its server, was at fault. */
  plugin: string | null;
  attempts: number;
}

/** Routes a request to the model's connection: waits for a place, retries before the first content part, never after. */
export interface ProviderRouter {
  chat(
    model: ResolvedModel,
    request: Omit<ChatRequest, 'model'>,
    subject: HookSubject,
    sink: ProviderSink,
  ): { abort(): void };
  /** Its figures were refused: shown to admins until a call has gone well again. */
  doubted(model: ResolvedModel): void;
}
