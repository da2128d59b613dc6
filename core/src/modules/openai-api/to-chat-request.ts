import type { ChatMessage, ChatRequest, ContentPart } from '@parley/sdk/plugin';
import type { CompletionRequest } from './completion-request.ts';

type RequestMessage = CompletionRequest['messages'][number];

/** OpenAI's request in the words of our provider plugins; the model's name is resolved elsewhere. */
export function toChatRequest(request: CompletionRequest): Omit<ChatRequest, 'model'> {
  return {
    messages: request.messages.map(toMessage),
    stream: request.stream === true,
    parameters: withoutNull({
      temperature: request.temperature,
      topP: request.top_p,
      maxTokens: request.max_completion_tokens ?? request.max_tokens,
      stop: typeof request.stop === 'string' ? [request.stop] : request.stop,
      presencePenalty: request.presence_penalty,
      frequencyPenalty: request.frequency_penalty,
      seed: request.seed,
      reasoningEffort: request.reasoning_effort,
    }),
    ...withoutNull({
      tools: request.tools?.map((tool) => withoutNull(tool.function) as { name: string }),
      toolChoice:
        typeof request.tool_choice === 'object' && request.tool_choice !== null
          ? { name: request.tool_choice.function.name }
          : request.tool_choice,
      parallelToolCalls: request.parallel_tool_calls,
      responseFormat:
        request.response_format?.type === 'json_schema'
          ? { type: 'json_schema' as const, jsonSchema: request.response_format.json_schema }
          : request.response_format,
    }),
  };
}

function toMessage(message: RequestMessage): ChatMessage {
  if (message.role === 'tool') {
    return { role: 'tool', content: toContent(message.content), toolCallId: message.tool_call_id };
  }
  const name = message.name == null ? {} : { name: message.name };
  if (message.role !== 'assistant') {
    return { role: message.role === 'user' ? 'user' : 'system', content: toContent(message.content), ...name };
  }
  const calls = message.tool_calls?.map(({ id, function: call }) => ({ id, ...call })) ?? [];
  return {
    role: 'assistant',
    content: toContent(message.content ?? ''),
    ...(calls.length === 0 ? {} : { toolCalls: calls }),
    ...name,
  };
}

function toContent(content: Extract<RequestMessage, { role: 'user' }>['content']): string | ContentPart[] {
  if (typeof content === 'string') return content;
  return content.map((part) =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'image', url: part.image_url.url, ...withoutNull({ detail: part.image_url.detail }) },
  );
}

type WithoutNull<T> = { [K in keyof T]?: NonNullable<T[K]> };
function withoutNull<T extends object>(values: T): WithoutNull<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as WithoutNull<T>;
}
