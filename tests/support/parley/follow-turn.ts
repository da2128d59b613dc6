import { emitWithAck, type ParleySocket } from '@parley/sdk/client';
import type { TurnFrame } from '@parley/sdk/contract';

/** One reply as a tab sees it: frames applied by their numbers, joined again after every reconnect. */
export interface FollowedTurn {
  text(): string;
  /** The type of the last event, once it came. */
  ending(): string | null;
  /** All that came; one is right. */
  endings(): readonly string[];
  /** What no tab may ever see: a number twice or a hole. */
  fault(): string | null;
}

export function followTurn(socket: ParleySocket, conversationId: string, turnId: string): FollowedTurn {
  let seq = 0;
  let text = '';
  const endings: string[] = [];
  let fault: string | null = null;

  const join = () => {
    // As a tab: of a reply that is over it has all there is.
    if (endings.length > 0) return;
    // The answer comes as frames; a refusal shows as a text that never ends.
    emitWithAck(socket, 'conversation:join', { conversationId, turns: [{ turnId, afterSeq: seq }] }).catch(() => {
      if (socket.connected) join();
    });
  };
  socket.on('connect', join);
  if (socket.connected) join();
  socket.on('turn:frame', (frame) => {
    if (frame.turnId === turnId) apply(frame);
  });

  function apply({ events }: TurnFrame): void {
    for (const event of events) {
      if (event.type === 'snapshot') text = event.text;
      else if (event.seq !== seq + 1) fault ??= `event ${event.seq} came after ${seq}`;
      else if (event.type === 'text') text += event.text;
      seq = event.seq;
      if (event.type === 'snapshot' ? event.state !== 'running' && event.state !== 'queued' : isEnd(event.type)) {
        endings.push(event.type === 'snapshot' ? event.state : event.type);
      }
    }
  }

  return { text: () => text, ending: () => endings[0] ?? null, endings: () => endings, fault: () => fault };
}

function isEnd(type: string): boolean {
  return type === 'completed' || type === 'stopped' || type === 'failed' || type === 'interrupted';
}
