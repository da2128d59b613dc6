/** The chat shapes that providers, transforms and moderators speak. Modelled on the OpenAI message shape, in camel case. */

export type ContentPart =
  | { type: 'text'; text: string }
  /** `url` is https or a `data:image/…;base64,` URL. */
  | { type: 'image'; url: string; detail?: 'auto' | 'low' | 'high' };

export interface ToolCall {
  id: string;
  name: string;
  /** JSON text, exactly as the model wrote it; may be invalid. */
  arguments: string;
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | ContentPart[];
  /** Of an assistant message. */
  toolCalls?: ToolCall[];
  /** Of a tool message: the call it answers. */
  toolCallId?: string;
  name?: string;
}

export interface ToolDefinition {
  name: string;
  description?: string;
  /** JSON Schema. */
  parameters?: unknown;
  strict?: boolean;
}

export interface ChatParameters {
  temperature?: number;
  topP?: number;
  maxTokens?: number;
  stop?: string[];
  presencePenalty?: number;
  frequencyPenalty?: number;
  seed?: number;
  reasoningEffort?: string;
}

export interface ChatRequest {
  /** The provider's own model id. */
  model: string;
  messages: ChatMessage[];
  parameters: ChatParameters;
  tools?: ToolDefinition[];
  toolChoice?: 'none' | 'auto' | 'required' | { name: string };
  parallelToolCalls?: boolean;
  responseFormat?: { type: 'text' } | { type: 'json_object' } | { type: 'json_schema'; jsonSchema: unknown };
  /** False only when the caller did not ask for a stream; a provider may then ask its server without streaming. */
  stream: boolean;
  /** Opaque and stable per user; never an address or a name. */
  user?: string;
}

/** Tokens. `output` includes `reasoning`; `input` includes `cachedInput`. Absent means unknown, never 0. */
export interface Usage {
  input?: number;
  output?: number;
  reasoning?: number;
  cachedInput?: number;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'filtered' | 'error' | 'other';

export type ProviderErrorClass =
  | 'bad_request'
  | 'auth'
  | 'quota'
  | 'rate_limit'
  | 'overloaded'
  | 'server'
  | 'timeout'
  | 'filtered'
  | 'context_length'
  | 'interrupted';

export interface ProviderError {
  class: ProviderErrorClass;
  retryable: boolean;
  retryAfterMs?: number;
  status?: number;
  providerCode?: string;
  /** For the log and the admin; users see a sentence of ours. */
  message: string;
  requestId?: string;
}

/**
 * What a provider yields. Order: optional `start`, content parts, optional `usage` (the last one wins), then exactly one
 * `finish` or `error`. A stream that ends without one counts as `error{class:"interrupted"}`.
 */
export type ProviderPart =
  | { type: 'start'; providerId?: string; model?: string }
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'toolCall'; index: number; id?: string; name?: string; arguments: string }
  | ({ type: 'usage' } & Usage)
  | { type: 'finish'; reason: FinishReason; raw?: string }
  | ({ type: 'error' } & ProviderError);

export interface ModelInfo {
  id: string;
  name?: string;
  contextTokens?: number;
  vision?: boolean;
  tools?: boolean;
}
