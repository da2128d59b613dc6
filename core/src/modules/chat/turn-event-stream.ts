import { PassThrough } from 'node:stream';
import type { TurnFrame } from '@parley/sdk/contract';
import { isLastEvent } from './turn.ts';
import type { TurnFeed } from './turn-feed.ts';
import { replayTurn, type TurnReplayDeps } from './turn-replay.ts';
import type { TurnRow } from './turn-rows.ts';
import { TurnView } from './turn-view.ts';

export interface TurnEventStreamDeps {
  feed: TurnFeed;
  replay: TurnReplayDeps;
}

/** Proxies close what is silent for a minute; a comment now and then keeps it open. */
const COMMENT_MS = 15_000;
/** A turn of an API client has no feed to wait for; another instance's is looked at again and again. */
const LOOK_EVERY_MS = 1_000;

/** The turn's events as server-sent events, each with its number as id; ends with the turn. */
export async function turnEventStream(
  deps: TurnEventStreamDeps,
  userId: string,
  turn: TurnRow,
  afterSeq: number | null,
  signal: AbortSignal,
): Promise<PassThrough> {
  const stream = new PassThrough();
  const head = { conversationId: turn.conversation_id, turnId: turn.id, messageId: turn.message_id };
  const view = new TurnView((frame) => write(stream, frame));
  const leave =
    turn.conversation_id === null
      ? () => undefined
      : await deps.feed.listen(turn.conversation_id, (frame) => {
          if (frame.turnId === turn.id) view.live(frame);
        });
  const comment = setInterval(() => {
    // Of a turn that is over, a slow reader may still have much to read.
    if (!stream.writableEnded) stream.write(':\n\n');
  }, COMMENT_MS);
  const look = turn.conversation_id === null ? watchByLooking(deps, userId, turn, stream, head) : undefined;
  stream.once('close', () => {
    clearInterval(comment);
    clearInterval(look);
    leave();
  });
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  // It says so once only, and that may have been while the feed was asked.
  if (signal.aborted) stream.destroy();
  try {
    view.past(head, afterSeq ?? 0, await replayTurn(deps.replay, userId, turn.id, afterSeq));
  } catch (error) {
    stream.destroy();
    throw error;
  }
  view.release();
  return stream;
}

function watchByLooking(
  deps: TurnEventStreamDeps,
  userId: string,
  turn: TurnRow,
  stream: PassThrough,
  head: Omit<TurnFrame, 'events'>,
): NodeJS.Timeout {
  let seen = 0;
  return setInterval(() => {
    replayTurn(deps.replay, userId, turn.id, null).then(
      (events) => {
        const news = events.filter((event) => event.seq > seen);
        seen = events.at(-1)?.seq ?? seen;
        if (news.length > 0) write(stream, { ...head, events: news });
      },
      (error: Error) => stream.destroy(error),
    );
  }, LOOK_EVERY_MS);
}

function write(stream: PassThrough, frame: TurnFrame): void {
  if (stream.writableEnded || stream.destroyed) return;
  for (const event of frame.events) stream.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
  if (frame.events.some(isLastEvent)) stream.end();
}
