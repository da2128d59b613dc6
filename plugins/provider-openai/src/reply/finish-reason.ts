import type { FinishReason } from '@parley/sdk/plugin';

const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  stop_sequence: 'stop',
  end_turn: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  tool_use: 'tool_calls',
  content_filter: 'filtered',
  safety: 'filtered',
  sensitive: 'filtered',
  refusal: 'filtered',
};

/** Whether there were calls is seen, not believed: some servers say "stop" with calls, some "tool_calls" without. */
export function finishReason(raw: string | undefined, hasCalls: boolean, wasRefused: boolean): FinishReason {
  const reason = raw === undefined ? 'stop' : (reasons[raw.toLowerCase()] ?? 'other');
  if (wasRefused) return 'filtered';
  if (hasCalls && (reason === 'stop' || reason === 'other')) return 'tool_calls';
  if (!hasCalls && reason === 'tool_calls') return 'stop';
  return reason;
}

/** These are failures in the dress of an end. */
export function isFailure(raw: string): boolean {
  return /^(?:error|insufficient_system_resource|abort|malformed_function_call|network_error)$/i.test(raw);
}
