import type { TurnEvent, TurnFrame } from '@parley/sdk/contract';
import type { RoomMember } from '../../../realtime/socket-route.ts';
import type { ChatKit } from './chat-kit.ts';

/** A tab as far as turns are concerned: it joins, leaves, and puts together what it hears. */
export class Viewer implements RoomMember {
  readonly id: string;
  readonly rooms = new Set<string>();
  readonly #userId: string;
  readonly #turns = new Map<string, { seq: number; text: string; state: string; events: TurnEvent[] }>();
  isOnline = true;

  constructor(id: string, userId: string) {
    this.id = id;
    this.#userId = userId;
  }

  join(room: string): void {
    this.rooms.add(room);
  }
  leave(room: string): void {
    this.rooms.delete(room);
  }
  isConnected(): boolean {
    return this.isOnline;
  }
  emit(event: string, payload: unknown): void {
    if (event === 'turn:frame') this.hear(payload as TurnFrame);
  }
  /** What the room brings. */
  hearRoom(room: string, frame: TurnFrame): void {
    if (this.rooms.has(room)) this.hear(frame);
  }

  hear(frame: TurnFrame): void {
    const turn = this.turn(frame.turnId);
    for (const event of frame.events) {
      if (event.type === 'snapshot') {
        Object.assign(turn, { seq: event.seq, text: event.text, state: event.state });
        continue;
      }
      if (event.seq !== turn.seq + 1) throw new Error(`${this.id} heard ${event.seq} after ${turn.seq}`);
      turn.seq = event.seq;
      turn.events.push(event);
      if (event.type === 'text') turn.text += event.text;
      else if (['completed', 'stopped', 'failed', 'interrupted'].includes(event.type)) turn.state = event.type;
    }
  }

  turn(turnId: string) {
    let turn = this.#turns.get(turnId);
    if (turn === undefined) this.#turns.set(turnId, (turn = { seq: 0, text: '', state: 'queued', events: [] }));
    return turn;
  }

  /** As a browser after a reconnect: it names the turns it was following. */
  async joinConversation(kit: ChatKit, conversationId: string): Promise<void> {
    const route = kit.chat.socketRoutes.find(({ event }) => event === 'conversation:join')!;
    const turns = [...this.#turns]
      .filter(([, turn]) => turn.seq > 0)
      .map(([turnId, turn]) => ({ turnId, afterSeq: turn.seq }));
    await route.handle({
      caller: { userId: this.#userId, role: 'user' },
      socket: this,
      body: { conversationId, turns },
    });
  }
}
