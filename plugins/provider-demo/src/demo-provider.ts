import type { ChatMessage, LlmProvider, ProviderPart } from '@parley/sdk/plugin';
import { type Pace, paceOf, type Wait, waitForTime } from './pace.ts';
import { countPieces, pieces } from './pieces.ts';
import { limitReply, planReply } from './reply.ts';

const defaultWordsPerSecond = 30;
const oneDayMs = 86_400_000;

/** The model that shows its reasoning before it answers. */
const reasonerModel = 'demo-reasoner';

export function createDemoProvider(wait: Wait = waitForTime): LlmProvider {
  return {
    async *chat(request, context): AsyncGenerator<ProviderPart> {
      const { signal } = context;
      const plan = planReply(request.messages, context.locale);
      const { pieces: words, reason } = limitReply(plan.text, request.parameters);
      const pace = plan.pace ?? paceOf(wordsPerSecond(context.settings));
      yield { type: 'start', model: request.model };
      while (plan.hangs && !signal.aborted) await wait(oneDayMs, signal);

      const thoughts = request.model === reasonerModel ? pieces(plan.reasoning) : [];
      for await (const text of spoken(thoughts, pace, wait, signal)) yield { type: 'reasoning', text };
      const failsAfter = plan.failsAfterWords ?? Number.POSITIVE_INFINITY;
      for await (const text of spoken(words.slice(0, failsAfter), pace, wait, signal)) yield { type: 'text', text };
      if (signal.aborted) return;
      if (plan.failsAfterWords !== undefined) {
        yield failure;
        return;
      }

      yield {
        type: 'usage',
        input: inputTokens(request.messages),
        output: words.length + thoughts.length,
        reasoning: thoughts.length,
      };
      yield { type: 'finish', reason, raw: reason };
    },
  };
}

const failure: ProviderPart = {
  type: 'error',
  class: 'server',
  // It fails because it was asked to; asking again would not help.
  retryable: false,
  status: 500,
  providerCode: 'demo_failure',
  message: 'The demo provider was asked to fail.',
};

async function* spoken(words: readonly string[], pace: Pace, wait: Wait, signal: AbortSignal): AsyncGenerator<string> {
  for (let i = 0; i < words.length && !signal.aborted; i += pace.piecesPerStep) {
    // The pause stands before each step, so that even a one-word reply takes a moment.
    await wait(pace.stepMs, signal);
    if (signal.aborted) return;
    yield words.slice(i, i + pace.piecesPerStep).join('');
  }
}

function wordsPerSecond(settings: Readonly<Record<string, unknown>>): number {
  const wanted = settings['wordsPerSecond'];
  return typeof wanted === 'number' && wanted >= 1 ? wanted : defaultWordsPerSecond;
}

function inputTokens(messages: readonly ChatMessage[]): number {
  let tokens = 0;
  for (const { content } of messages) {
    const texts =
      typeof content === 'string' ? [content] : content.map((part) => (part.type === 'text' ? part.text : ''));
    for (const text of texts) tokens += countPieces(text);
  }
  return tokens;
}
