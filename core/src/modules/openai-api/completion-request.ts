import { z } from 'zod';

const text = z.string().refine((value) => !value.includes('\0') && value.isWellFormed(), {
  message: 'contains characters that cannot be stored',
});

const TextPart = z.object({ type: z.literal('text'), text });
const ImagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({
    url: z
      .string()
      .max(20_000_000)
      .refine((url) => /^https:\/\/|^data:image\/(png|jpeg|gif|webp);base64,/.test(url), {
        message: 'must be an https address or a base64 data URL of a PNG, JPEG, GIF or WebP image',
      }),
    detail: z.enum(['auto', 'low', 'high']).nullish(),
  }),
});
const UserContent = z.union([text, z.array(z.discriminatedUnion('type', [TextPart, ImagePart])).min(1)]);
const TextContent = z.union([text, z.array(TextPart).min(1)]);

const Call = z.object({
  id: text,
  type: z.literal('function').optional(),
  function: z.object({ name: text, arguments: text }),
});
const name = z.string().max(64).nullish();
const Message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: TextContent, name }),
  z.object({ role: z.literal('user'), content: UserContent, name }),
  z.object({ role: z.literal('assistant'), content: TextContent.nullish(), tool_calls: z.array(Call).nullish(), name }),
  z.object({ role: z.literal('tool'), content: TextContent, tool_call_id: text }),
]);

const Tool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().regex(/^[\w-]{1,64}$/),
    description: text.nullish(),
    parameters: z.record(z.string(), z.json()).nullish(),
    strict: z.boolean().nullish(),
  }),
});

/**
 * `POST /v1/chat/completions`. Unknown fields are ignored; what is known but can't be honoured is refused in `to-chat-request.ts`.
 * Field list: the published API reference of OpenAI's chat completions.
 */
export const CompletionRequest = z.object({
  model: z.string().min(1).max(300),
  messages: z.array(Message).min(1).max(10_000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  stop: z.union([text, z.array(text).max(4)]).nullish(),
  seed: z.int().nullish(),
  n: z.int().nullish(),
  reasoning_effort: z.string().max(20).nullish(),
  tools: z.array(Tool).max(128).nullish(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
    ])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({ type: z.literal('json_schema'), json_schema: z.record(z.string(), z.json()) }),
    ])
    .nullish(),
  logprobs: z.boolean().nullish(),
  modalities: z.array(z.string()).nullish(),
  audio: z.unknown().optional(),
  functions: z.unknown().optional(),
});
export type CompletionRequest = z.infer<typeof CompletionRequest>;
