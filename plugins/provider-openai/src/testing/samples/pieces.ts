/** Streams as servers send them, made up, in the shapes that recordings show. For tests. */

export const chunk = (delta: unknown, more: Record<string, unknown> = {}, finish: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});
export const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
export const data = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
export const stream = (...events: unknown[]) => events.map(data).join('');
export const text = (content: string) => chunk({ content });
export const stop = chunk({}, {}, 'stop');
export const roll = { type: 'toolCall', index: 0, name: 'roll' };
export const done = '[DONE]';

export interface Sample {
  name: string;
  body: string;
  /** The parts, with neighbouring texts joined and without `start`. */
  parts: Record<string, unknown>[];
}
export const finish = { type: 'finish', reason: 'stop', raw: 'stop' };
export const callsFinish = { type: 'finish', reason: 'tool_calls', raw: 'tool_calls' };
export const counted = { type: 'usage', input: 9, output: 2 };
