import { ApiError } from '@parley/sdk/client';
import type { Conversation, Message, Turn, TurnFrame, TurnOpened } from '@parley/sdk/contract';
import type { LiveReply } from '../stream/turn-reducer.ts';
import { isFinal } from '../stream/turn-reducer.ts';
import { newer } from '../../../api/newer.ts';
import { Reading } from '../../../api/reading.ts';
import type { Wire } from '../../../api/wire.ts';
import { ConversationActions } from './conversation-actions.ts';
import { LiveViews } from './live-views.svelte.ts';
import { logRows, type LogRow } from './log-rows.ts';
import { Outbox, type Outgoing } from './outbox.svelte.ts';
import { PathLoader } from './path-loader.ts';
import { emptyWindow, withMessage, withOpened, type PathWindow } from './path-window.ts';

/** `deleted`: it was here, and can be brought back; `missing`: nothing of the reader's is at this address. */
export type Phase = 'loading' | 'ready' | 'failed' | 'deleted' | 'missing';

export interface StorePorts {
  wire: Wire;
  /** Keeps unsent messages over a reload. */
  keepOutgoing(conversationId: string, items: readonly Outgoing[]): void;
  /** A reply moved to another state, or grew; for announcements. */
  moved(reply: LiveReply): void;
  grew(reply: LiveReply): void;
}

/** A new leaf is often announced just before the turn that made it; only one that stays unexplained is another tab's doing. */
const unexplainedLeafMs = 400;
const joinAgainS = 2;

/** One conversation on this page: its path, what runs in it and what is on its way. Every tab reaches the same state by the same events. */
export class ConversationStore {
  readonly id: string;
  readonly outbox: Outbox;
  readonly live: LiveViews;
  readonly actions: ConversationActions;
  #conversation = $state.raw<Conversation | null>(null);
  #path = $state.raw<PathWindow>(emptyWindow);
  #phase = $state<Phase>('loading');
  #problem = $state.raw<unknown>(null);
  /** Messages that came while the end was not on the page. */
  #unseen = $state(0);
  /** Grows by one with each message sent from this page, so that the log can bring it to the top. */
  #sent = $state(0);
  #rows = $derived.by<LogRow[]>(() =>
    logRows(this.#path.items, this.#path.hasAfter ? [] : this.outbox.items, this.#keys),
  );

  readonly #ports: StorePorts;
  readonly #loader: PathLoader;
  readonly #keys = new Map<string, string>();
  readonly #reading = new Reading();
  #catchingUp: Promise<void> | null = null;
  #extending = false;
  #joining: Promise<void> | null = null;
  /** Turns that closed since the server was last asked for the open ones. */
  #closed = new Set<string>();
  #active = false;
  #missed = false;

  constructor(id: string, ports: StorePorts) {
    this.id = id;
    this.#ports = ports;
    this.#loader = new PathLoader(id, ports.wire.http);
    this.live = new LiveViews({
      gap: () => void this.join(),
      moved: (reply) => ports.moved(reply),
      grew: (reply) => ports.grew(reply),
    });
    this.outbox = new Outbox({
      post: (item) => this.actions.post(item),
      opened: (opened, item) => this.#landed(opened, item),
      isConnected: () => ports.wire.connected,
      keep: (items) => ports.keepOutgoing(id, items),
    });
    this.actions = new ConversationActions(this, ports.wire);
  }

  get conversation(): Conversation | null {
    return this.#conversation;
  }
  get path(): PathWindow {
    return this.#path;
  }
  get rows(): readonly LogRow[] {
    return this.#rows;
  }
  get phase(): Phase {
    return this.#phase;
  }
  get isGone(): boolean {
    return this.#phase === 'deleted' || this.#phase === 'missing';
  }
  get problem(): unknown {
    return this.#problem;
  }
  get unseen(): number {
    return this.#unseen;
  }
  get sent(): number {
    return this.#sent;
  }

  message(id: string): Message | undefined {
    return this.#path.items.find((message) => message.id === id);
  }

  /** Comes to the front: loads what was never loaded, else only what was missed. `messageId` must be on the page then. */
  async activate(messageId?: string): Promise<void> {
    this.#active = true;
    if (this.isGone) return;
    if (this.#phase !== 'ready') return this.load(messageId);
    await Promise.all([this.join(), this.#missed ? this.catchUp() : null]);
    if (messageId !== undefined) await this.actions.reveal(messageId);
  }

  /** A conversation that was just made: there is nothing to load. */
  begin(conversation: Conversation): void {
    this.#conversation = conversation;
    this.#phase = 'ready';
  }

  deactivate(): void {
    this.#active = false;
    // Whoever comes back before it is answered must join anew, behind the leave.
    this.#joining = null;
    if (this.#ports.wire.connected)
      void this.#quietly(this.#ports.wire.ask('conversation:leave', { conversationId: this.id }));
  }

  load(messageId?: string): Promise<void> {
    this.#phase = 'loading';
    return this.#reading.run(async () => {
      try {
        const joined = this.join();
        const [conversation, path] = await Promise.all([
          this.#ports.wire.http('GET /api/conversations/:id', { params: { id: this.id } }),
          messageId === undefined ? this.#loader.end() : this.#loader.holding(messageId),
        ]);
        this.setConversation(conversation);
        this.show(path);
        this.#unseen = 0;
        this.#phase = 'ready';
        await joined;
      } catch (error) {
        this.#problem = error;
        this.#phase = phaseAfter(error);
      }
    });
  }

  /** Tells the server what we have of each running reply; what is missing follows. */
  async join(): Promise<void> {
    if (!this.#ports.wire.connected) return;
    const joining = (this.#joining ??= this.#ask());
    try {
      await joining;
    } finally {
      if (this.#joining === joining) this.#joining = null;
    }
  }

  async #ask(): Promise<void> {
    const places = this.live.places();
    this.#closed = new Set();
    try {
      const { turns } = await this.#ports.wire.ask('conversation:join', { conversationId: this.id, turns: places });
      for (const turn of turns) if (!this.#closed.has(turn.id)) this.live.track(turn);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { status, retryAfter = joinAgainS } = error.problem;
      // Who is not in the room would see a reply only when it is whole.
      if (status !== 404) setTimeout(() => void (this.#active && this.join()), retryAfter * 1_000);
    }
  }

  /** The connection is back. */
  reconnected(): void {
    this.#missed = true;
    if (this.#active) {
      void this.join();
      void this.catchUp();
    }
    void this.outbox.flush();
  }

  /** Events that nobody repeats were missed, so what is on the page is read again. */
  catchUp(): Promise<void> {
    this.#catchingUp ??= this.#reading.run(() => {
      // Who misses something from now on needs another look.
      this.#catchingUp = null;
      return this.#readAgain();
    });
    return this.#catchingUp;
  }

  async #readAgain(): Promise<void> {
    if (this.#phase !== 'ready') return;
    this.#missed = false;
    try {
      const [conversation, path] = await Promise.all([
        this.#ports.wire.http('GET /api/conversations/:id', { params: { id: this.id } }),
        this.#loader.again(this.#path),
      ]);
      this.setConversation(conversation);
      this.show(path);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#missed = true;
      // Still offline: the next connection tries again. Gone: the screen must say so.
      if (error.problem.status === 404) this.#phase = 'deleted';
    }
  }

  /** Messages that are final in the database end their live view; those still running have one. */
  #trackOpenMessages(): void {
    for (const { id, turnId, status } of this.#path.items) {
      if (turnId === null) continue;
      if (status === 'queued' || status === 'streaming') {
        this.live.track({ id: turnId, messageId: id, state: status === 'queued' ? 'queued' : 'running' });
      } else this.live.close(turnId);
    }
  }

  loadBefore(): Promise<void> {
    return this.#extend(async () => {
      this.#path = await this.#loader.before(this.#path);
    });
  }
  loadAfter(): Promise<void> {
    return this.#extend(async () => {
      this.#path = await this.#loader.after(this.#path);
      if (!this.#path.hasAfter) this.#unseen = 0;
    });
  }
  async loadEnd(): Promise<void> {
    if (this.#path.hasAfter) await this.#reading.run(async () => this.show(await this.#loader.end()));
    this.#unseen = 0;
  }
  loadAround(messageId: string): Promise<void> {
    return this.#reading.run(async () => this.show(await this.#loader.holding(messageId)));
  }

  /** Scrolling asks again and again. */
  async #extend(read: () => Promise<void>): Promise<void> {
    if (this.#extending) return;
    this.#extending = true;
    await this.#reading.run(read).finally(() => (this.#extending = false));
  }

  show(path: PathWindow): void {
    this.#path = path;
    this.#trackOpenMessages();
  }
  setConversation(conversation: Conversation): void {
    this.#conversation = newer(this.#conversation, conversation);
  }
  markSent(): void {
    this.#sent++;
  }

  onFrame(frame: TurnFrame): void {
    this.live.take(frame);
  }

  onOpened(opened: TurnOpened): void {
    this.#reading.whenRead(() => {
      this.#keepKey(opened, this.outbox.land(opened));
      this.applyOpened(opened);
    });
  }

  onClosed({ turn, message }: { turn: Turn; message: Message }): void {
    this.#closed.add(turn.id);
    this.#reading.whenRead(() => {
      const reply = this.live.reply(turn.id);
      const complete = reply !== undefined && isFinal(reply.state);
      // The text travels in frames; when the closing word overtook them or carries none, the database has it.
      const text = message.text || (complete && message.status !== 'blocked' ? reply.text : '');
      const reasoning = message.reasoning || (reply?.reasoning ?? '');
      this.#path = withMessage(this.#path, { ...message, text, reasoning });
      this.live.close(turn.id);
      if (text !== '' || complete || message.status === 'blocked') return;
      this.#missed = true;
      if (this.#active) void this.catchUp();
    });
  }

  onMessage(message: Message): void {
    this.#reading.whenRead(() => (this.#path = withMessage(this.#path, message)));
  }

  onConversation(conversation: Conversation): void {
    this.setConversation(conversation);
    setTimeout(() => this.#followLeaf(), unexplainedLeafMs);
  }

  onDeleted(): void {
    this.#phase = 'deleted';
  }

  /** Deleted, and brought back. */
  onCreated(): void {
    if (!this.isGone) return;
    this.#phase = 'loading';
    if (this.#active) void this.load();
  }

  applyOpened(opened: TurnOpened): void {
    this.live.track(opened.turn);
    const path = this.#path.hasAfter ? null : withOpened(this.#path, opened);
    if (path !== null) this.#path = path;
    else if (this.message(opened.assistantMessage.id)) this.#path = withMessage(this.#path, opened.assistantMessage);
    else {
      this.#path = { ...this.#path, hasAfter: true, total: opened.assistantMessage.position };
      this.#unseen += opened.userMessage === null ? 1 : 2;
    }
  }

  #landed(opened: TurnOpened, item: Outgoing): void {
    this.#keepKey(opened, item);
    this.#reading.whenRead(() => {
      this.outbox.shown(item.clientTurnId);
      this.applyOpened(opened);
      if (this.#path.hasAfter) void this.loadEnd();
    });
  }

  /** The bubble that was drawn for words on their way becomes the message's. */
  #keepKey({ userMessage }: TurnOpened, item: Outgoing | undefined): void {
    if (userMessage !== null && item !== undefined) this.#keys.set(userMessage.id, item.clientTurnId);
  }

  /** Another tab switched to another branch. */
  #followLeaf(): void {
    const leaf = this.#conversation?.activeLeafId ?? null;
    if (this.#phase !== 'ready' || this.#path.hasAfter || leaf === (this.#path.items.at(-1)?.id ?? null)) return;
    void this.catchUp();
  }

  /** Without a connection there is nothing to leave. */
  async #quietly<T>(asked: Promise<T>): Promise<T | null> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof ApiError) return null;
      throw error;
    }
  }
}

function phaseAfter(error: unknown): Phase {
  if (!(error instanceof ApiError) || error.problem.status !== 404) return 'failed';
  return error.problem.code === 'conversation.deleted' ? 'deleted' : 'missing';
}
