import type { ChatRequest } from '@parley/sdk/plugin';
import type { ConnectionSettings } from '../settings.ts';
import { wireMessages } from './messages.ts';

export type RequestBody = Record<string, unknown>;

/** What is absent stays absent: a server's own default is better than a guess. */
export function requestBody(request: ChatRequest, settings: ConnectionSettings): RequestBody {
  const { parameters } = request;
  const body: RequestBody = {
    model: request.model,
    messages: wireMessages(request.messages, settings),
    stream: settings.streaming,
    stream_options: settings.streaming && settings.streamUsage ? { include_usage: true } : undefined,
    temperature: parameters.temperature,
    top_p: parameters.topP,
    [settings.maxTokensField]: parameters.maxTokens,
    stop: parameters.stop?.length ? parameters.stop : undefined,
    presence_penalty: parameters.presencePenalty,
    frequency_penalty: parameters.frequencyPenalty,
    seed: parameters.seed,
    reasoning_effort: parameters.reasoningEffort,
    ...toolFields(request),
    response_format: responseFormat(request.responseFormat),
    user: settings.sendUser ? request.user : undefined,
    ...settings.extraBody,
  };
  for (const [name, value] of Object.entries(body)) if (value === undefined || value === null) delete body[name];
  return body;
}

function toolFields({ tools, toolChoice, parallelToolCalls }: ChatRequest): RequestBody {
  // A choice without tools is refused by OpenAI.
  if (tools === undefined || tools.length === 0) return {};
  return {
    tools: tools.map(({ name, description, parameters, strict }) => ({
      type: 'function',
      function: { name, description, parameters, strict },
    })),
    tool_choice:
      typeof toolChoice === 'object' ? { type: 'function', function: { name: toolChoice.name } } : toolChoice,
    parallel_tool_calls: parallelToolCalls,
  };
}

function responseFormat(format: ChatRequest['responseFormat']): unknown {
  return format?.type === 'json_schema' ? { type: 'json_schema', json_schema: format.jsonSchema } : format;
}
