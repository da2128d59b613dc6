import type { Usage } from '@parley/sdk/plugin';
import { asArray, asCount, asObject, isObject, type Json } from '../json.ts';

/** The token counts of a chunk or an answer, wherever they stand: at the top, in `x_groq`, or in the choice (Moonshot). */
export function findUsage(chunk: Json): Usage | undefined {
  const places = [chunk['usage'], asObject(chunk['x_groq'])['usage'], asObject(asArray(chunk['choices'])[0])['usage']];
  const usage = places.find(isObject);
  return usage && readUsage(usage);
}

function readUsage(usage: Json): Usage | undefined {
  const input = asCount(usage['prompt_tokens']) ?? asCount(usage['input_tokens']);
  let output = asCount(usage['completion_tokens']) ?? asCount(usage['output_tokens']);
  // An answer of no tokens to a prompt of none: the server does not count.
  if (input === undefined && output === undefined) return undefined;
  if (input === 0 && (output ?? 0) === 0) return undefined;
  const inputDetails = asObject(usage['prompt_tokens_details'] ?? usage['input_tokens_details']);
  const outputDetails = asObject(usage['completion_tokens_details'] ?? usage['output_tokens_details']);
  const reasoning = asCount(outputDetails['reasoning_tokens']) ?? asCount(usage['reasoning_tokens']);
  const cachedInput =
    asCount(inputDetails['cached_tokens']) ??
    asCount(usage['prompt_cache_hit_tokens']) ??
    asCount(usage['cached_tokens']);

  const total = asCount(usage['total_tokens']);
  // Some hosts count reasoning beside the output and not within it; the total gives them away.
  if (reasoning && input !== undefined && output !== undefined && total === input + output + reasoning)
    output += reasoning;
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(reasoning !== undefined && { reasoning }),
    ...(cachedInput !== undefined && { cachedInput }),
  };
}
