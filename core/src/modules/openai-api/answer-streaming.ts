import type { ServerResponse } from 'node:http';
import type { Context } from 'koa';
import { writePiece } from '../../http/write-piece.ts';
import type { ChatModule, CompletionEnd, CompletionInput } from '../chat/index.ts';
import type { ContentPart } from '../providers/index.ts';
import { interrupted } from './answer-whole.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import type { CompletionHead } from './completion-presenter.ts';
import type { Heartbeat } from './heartbeat.ts';
import { setHeldHeaders } from './receipt-headers.ts';
import { failureError } from './to-openai-error.ts';
import { whenGone } from './when-gone.ts';

/** Until then a failure still gets a status of its own; after it the headers go out so that nobody gives up waiting. */
const headersAfterMs = 10_000;
/** A client this far behind does not read any more; the reply's text is stored all the same. */
const maxUnreadBytes = 8_000_000;

/** Streams the reply as server-sent events. Headers wait for the first part, so that a refusal keeps its status. */
export async function answerStreaming(
  ctx: Context,
  complete: ChatModule['complete'],
  input: CompletionInput,
  options: {
    headOf(turnId: string, model: string): CompletionHead;
    makeCallId(): string;
    includeUsage: boolean;
    heartbeat: Heartbeat;
  },
): Promise<void> {
  const { res } = ctx;
  const early: ContentPart[] = [];
  let ended: CompletionEnd | undefined;
  const begun = Promise.withResolvers<void>();
  // Until the headers are out, parts wait; from then on each is written as it comes.
  let onPart = (part: ContentPart): void => {
    early.push(part);
    begun.resolve();
  };
  let onEnd = (end: CompletionEnd): void => {
    ended = end;
    begun.resolve();
  };

  const completion = await complete(input, { onPart: (part) => onPart(part), onEnd: (end) => onEnd(end) });
  const stopWaiting = whenGone(res, () => completion.stop());
  const impatience = setTimeout(begun.resolve, headersAfterMs);
  await begun.promise;
  clearTimeout(impatience);
  if (res.destroyed) {
    // Nobody is there to be told; Koa would try.
    ctx.respond = false;
    return;
  }
  if (ended !== undefined && early.length === 0) throwFailure(ended);

  const encoder = new ChunkEncoder(options.headOf(completion.turnId, completion.model), options);
  setHeldHeaders(ctx.res, completion);
  openStream(ctx);
  const watched = options.heartbeat.watch(res);
  write(encoder.opening() + early.map((part) => encodePart(encoder, part)).join(''));
  onPart = (part) => write(encodePart(encoder, part));
  onEnd = finish;
  if (ended !== undefined) finish(ended);

  function write(lines: string): void {
    if (res.writableEnded || res.destroyed) return;
    watched.lastWrite = Date.now();
    writePiece(res, lines);
    if (res.writableLength > maxUnreadBytes) res.destroy();
  }

  function finish(end: CompletionEnd): void {
    stopWaiting();
    if (res.writableEnded || res.destroyed) return;
    const { failure, usage } = end;
    if (failure !== null) res.end(ChunkEncoder.failure(failureError(failure).body));
    else if (usage === null) res.end(ChunkEncoder.failure(interrupted().body));
    else res.end(encoder.closing(end.finishReason ?? 'stop', usage, end.receipt));
  }
}

function throwFailure(end: CompletionEnd): void {
  if (end.failure !== null) throw failureError(end.failure);
  if (end.usage === null) throw interrupted();
}

function encodePart(encoder: ChunkEncoder, part: ContentPart): string {
  if (part.type === 'text') return encoder.text(part.text);
  if (part.type === 'reasoning') return encoder.reasoning(part.text);
  return encoder.toolCall(part);
}

/** From here the stream is written past Koa, which would only put layers between a piece of text and its socket. */
function openStream(ctx: Context): void {
  const res: ServerResponse = ctx.res;
  ctx.respond = false;
  res.statusCode = 200;
  res.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  res.setHeader('Cache-Control', 'no-cache, no-transform');
  res.setHeader('X-Accel-Buffering', 'no');
}
