import { ApiError } from '@parley/sdk/client';
import type { HttpClient } from '@parley/sdk/client';
import type {
  Conversation,
  Message,
  MessagePage,
  Problem,
  ServerToClientEvents,
  Turn,
  TurnEvent,
  TurnOpened,
} from '@parley/sdk/contract';
import type { Wire } from '../../../api/wire.ts';
import { conversationId, makeConversation, makeFrame, makeMessage, makeTurn } from './factories.ts';

type Listeners = { [E in keyof ServerToClientEvents]?: Set<ServerToClientEvents[E]> };
interface PageQuery {
  before?: string;
  after?: string;
  around?: string;
  limit?: number;
}

export function problem(code: string, status: number): Problem {
  return { type: 'about:blank', title: code, status, code, detail: `refused: ${code}` };
}

/** A server with one conversation that answers as the contract says and fails on everything that was not scripted. */
export class ScriptedServer {
  path: Message[];
  conversation: Conversation;
  connected = true;
  /** Answers get lost after the server acted. */
  losesAnswers = false;
  refusal: Problem | null = null;
  readonly asked: { event: string; input: unknown }[] = [];
  readonly called: string[] = [];
  readonly turns = new Map<string, { turn: Turn; log: TurnEvent[] }>();
  /** Paths that are not shown, by a message that lies on them. */
  readonly branches = new Map<string, Message[]>();
  /** Answers of a route or event that are made at once and wait on their way. */
  readonly slow = new Map<string, Promise<void>>();
  readonly #byClientId = new Map<string, TurnOpened>();
  readonly #listeners: Listeners = {};
  readonly #onConnect = new Set<() => void>();
  #counter = 0;

  constructor(path: Message[] = []) {
    this.path = path;
    this.conversation = makeConversation({ activeLeafId: path.at(-1)?.id ?? null, messageCount: path.length });
  }

  readonly wire: Wire = (() => {
    const isConnected = () => this.connected;
    return {
      http: ((route: string, request: never) => this.#http(route, request)) as HttpClient,
      get connected() {
        return isConnected();
      },
      ask: (event, input) => this.#ask(event, input) as never,
      on: (event, listener) => {
        const all: Set<typeof listener> = (this.#listeners[event] ??= new Set<typeof listener>() as never);
        all.add(listener);
        return () => all.delete(listener);
      },
      onConnect: (listener) => {
        this.#onConnect.add(listener);
        return () => this.#onConnect.delete(listener);
      },
    };
  })();

  disconnect(): void {
    this.connected = false;
  }
  reconnect(): void {
    this.connected = true;
    for (const listener of this.#onConnect) listener();
  }

  emit<E extends keyof ServerToClientEvents>(event: E, ...args: Parameters<ServerToClientEvents[E]>): void {
    if (!this.connected) return;
    for (const listener of this.#listeners[event] ?? []) (listener as (...all: unknown[]) => void)(...args);
  }

  /** The turn goes on whether anybody hears it or not. */
  say(turnId: string, ...parts: string[]): void {
    for (const text of parts) this.happen(turnId, { type: 'text', text });
  }

  happen(turnId: string, event: Record<string, unknown> & { type: string }): void {
    const running = this.#running(turnId);
    const numbered = { seq: running.log.length + 1, ...event } as TurnEvent;
    running.log.push(numbered);
    this.emit('turn:frame', makeFrame(turnId, running.turn.messageId, numbered));
  }

  finish(turnId: string, change: Partial<Message> = {}): void {
    const usage = { input: 1, output: 2, countedBy: 'provider' as const };
    this.happen(turnId, { type: 'completed', finishReason: 'stop', usage });
    const running = this.#running(turnId);
    const text = running.log.map((event) => (event.type === 'text' ? event.text : '')).join('');
    running.turn = { ...running.turn, state: 'completed', seq: running.log.length };
    this.path = this.path.map((message) =>
      message.turnId === turnId ? { ...message, status: 'done', text, usage, ...change } : message,
    );
    const message = this.path.find((each) => each.turnId === turnId);
    if (message) this.emit('turn:closed', { turn: running.turn, message });
  }

  /** A person sends from this page or another. */
  open(text: string, parentId: string | null | undefined, clientTurnId: string): TurnOpened {
    const known = this.#byClientId.get(clientTurnId);
    if (known) return known;
    const parent = parentId === undefined ? (this.path.at(-1)?.id ?? null) : parentId;
    const kept = parent === null ? [] : this.path.slice(0, this.path.findIndex(({ id }) => id === parent) + 1);
    const n = ++this.#counter;
    const turn = makeTurn({ id: `turn-${n}`, messageId: `reply-${n}` });
    const userMessage = makeMessage({ id: `sent-${n}`, parentId: parent, text, position: kept.length + 1 });
    const assistantMessage = makeMessage({
      id: turn.messageId,
      parentId: userMessage.id,
      role: 'assistant',
      status: 'queued',
      text: '',
      turnId: turn.id,
      position: kept.length + 2,
    });
    return this.#begin([...kept, userMessage], { turn, userMessage, assistantMessage }, clientTurnId);
  }

  /** A reply is written again, as a version beside the old one. */
  rewrite(messageId: string, clientTurnId: string): TurnOpened {
    const known = this.#byClientId.get(clientTurnId);
    if (known) return known;
    const at = this.path.findIndex(({ id }) => id === messageId);
    const old = this.path[at];
    if (!old) throw new ApiError(problem('messages.not-found', 404));
    const n = ++this.#counter;
    const turn = makeTurn({ id: `turn-${n}`, messageId: `reply-${n}` });
    const { id, versions } = { id: turn.messageId, versions: [...old.versions, turn.messageId] };
    const assistantMessage: Message = { ...old, id, versions, status: 'queued', text: '', turnId: turn.id };
    return this.#begin(this.path.slice(0, at), { turn, userMessage: null, assistantMessage }, clientTurnId);
  }

  #begin(before: Message[], opened: TurnOpened, clientTurnId: string): TurnOpened {
    this.path = [...before, opened.assistantMessage];
    this.turns.set(opened.turn.id, { turn: opened.turn, log: [] });
    this.#byClientId.set(clientTurnId, opened);
    this.emit('turn:opened', opened);
    return opened;
  }

  #running(turnId: string): { turn: Turn; log: TurnEvent[] } {
    const running = this.turns.get(turnId);
    if (!running) throw new Error(`no turn ${turnId}`);
    return running;
  }

  async #ask(event: string, input: unknown): Promise<unknown> {
    await Promise.resolve();
    if (!this.connected) throw new ApiError(problem('network', 0));
    this.asked.push({ event, input });
    const given = input as { turns: { turnId: string; afterSeq: number }[]; turnId: string } & Record<string, string>;
    if (event === 'conversation:join') return this.#later(event, { turns: this.#replay(given.turns) });
    if (event === 'conversation:leave') return null;
    if (event !== 'chat:send' && event !== 'chat:regenerate') throw new Error(`unscripted event ${event}`);
    if (this.refusal) throw new ApiError(this.refusal);
    const clientTurnId = given['clientTurnId'] ?? '';
    const opened =
      event === 'chat:send'
        ? this.open(given['text'] ?? '', given['parentId'], clientTurnId)
        : this.rewrite(given['messageId'] ?? '', clientTurnId);
    if (this.losesAnswers) throw new ApiError(problem('network', 0));
    return this.#later(event, opened);
  }

  #replay(places: { turnId: string; afterSeq: number }[]): Turn[] {
    const open = [...this.turns.values()].filter(({ turn }) => turn.state === 'queued' || turn.state === 'running');
    for (const { turn, log } of open) {
      const place = places.find(({ turnId }) => turnId === turn.id);
      const text = log.map((event) => (event.type === 'text' ? event.text : '')).join('');
      const snapshot: TurnEvent = { seq: log.length, type: 'snapshot', text, reasoning: '', state: 'running' };
      const missing = place ? log.slice(place.afterSeq) : log.length > 0 ? [snapshot] : [];
      if (missing.length > 0) this.emit('turn:frame', makeFrame(turn.id, turn.messageId, ...missing));
    }
    return open.map(({ turn, log }) => ({ ...turn, seq: log.length }));
  }

  async #http(
    route: string,
    request: { query?: PageQuery; body?: Record<string, string> } | undefined,
  ): Promise<unknown> {
    await Promise.resolve();
    this.called.push(route);
    if (!this.connected) throw new ApiError(problem('network', 0));
    if (route === 'GET /api/conversations/:id') return this.#later(route, { ...this.conversation, id: conversationId });
    if (route === 'PATCH /api/conversations/:id') return this.#later(route, this.#change(request?.body ?? {}));
    if (route === 'GET /api/conversations/:id/messages') return this.#later(route, this.#page(request?.query ?? {}));
    if (route === 'PUT /api/conversations/:id/active-message') {
      this.path = this.branches.get(request?.body?.['messageId'] ?? '') ?? this.path;
      return this.conversation;
    }
    throw new Error(`unscripted route ${route}`);
  }

  #change(change: Partial<Conversation>): Conversation {
    if (this.refusal) throw new ApiError(this.refusal);
    this.conversation = { ...this.conversation, ...change, revision: this.conversation.revision + 1 };
    return this.conversation;
  }

  async #later<T>(name: string, answer: T): Promise<T> {
    await this.slow.get(name);
    return answer;
  }

  #page({ before, after, around, limit = 40 }: PageQuery): MessagePage {
    const place = (id: string) => {
      const found = this.path.findIndex((message) => message.id === id);
      if (found === -1) throw new ApiError(problem('message.other-branch', 409));
      return found;
    };
    const end = before !== undefined ? place(before) : this.path.length;
    let from = Math.max(0, end - limit);
    if (after !== undefined) from = place(after) + 1;
    if (around !== undefined) from = Math.max(0, place(around) - Math.floor(limit / 2));
    const to = after !== undefined || around !== undefined ? Math.min(this.path.length, from + limit) : end;
    return {
      items: this.path.slice(from, to),
      hasBefore: from > 0,
      hasAfter: to < this.path.length,
      total: this.path.length,
    };
  }
}
