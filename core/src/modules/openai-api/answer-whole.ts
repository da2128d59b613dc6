import type { Context } from 'koa';
import type { ChatModule, CompletionEnd, CompletionInput } from '../chat/index.ts';
import { type CompletionHead, presentCompletion } from './completion-presenter.ts';
import { failureError } from './to-openai-error.ts';
import { OpenAiError } from './openai-error.ts';
import { setReceiptHeaders } from './receipt-headers.ts';
import { ToolCallJoiner } from './tool-call-joiner.ts';
import { whenGone } from './when-gone.ts';

/** Waits for the whole reply and answers with one JSON object. */
export async function answerWhole(
  ctx: Context,
  complete: ChatModule['complete'],
  input: CompletionInput,
  options: { headOf(turnId: string, model: string): CompletionHead; makeCallId(): string },
): Promise<void> {
  let text = '';
  let reasoning = '';
  const calls = new ToolCallJoiner(options.makeCallId);
  const ended = Promise.withResolvers<CompletionEnd>();
  const completion = await complete(input, {
    onPart(part) {
      if (part.type === 'text') text += part.text;
      else if (part.type === 'reasoning') reasoning += part.text;
      else calls.add(part);
    },
    onEnd: ended.resolve,
  });
  const stopWaiting = whenGone(ctx.res, () => completion.stop());
  const end = await ended.promise;
  stopWaiting();
  if (ctx.res.destroyed) {
    // Nobody is there to be told; Koa would try.
    ctx.respond = false;
    return;
  }

  if (end.failure !== null) throw failureError(end.failure);
  if (end.usage === null) throw interrupted();
  setReceiptHeaders(ctx.res, end.receipt);
  ctx.type = 'application/json';
  ctx.body = JSON.stringify(
    presentCompletion(options.headOf(completion.turnId, completion.model), {
      text,
      reasoning,
      calls: calls.calls(),
      finishReason: end.finishReason ?? 'other',
      usage: end.usage,
      receipt: end.receipt,
    }),
  );
}

export function interrupted(): OpenAiError {
  return new OpenAiError(503, {
    message: 'The server had to end this reply. Try again.',
    type: 'server_error',
    code: 'interrupted',
  });
}
