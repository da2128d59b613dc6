import { ApiError } from '@parley/sdk/client';
import type { Conversation } from '@parley/sdk/contract';
import { Reading } from '../../api/reading.ts';
import type { FollowingWire } from '../../api/wire.ts';
import { byActivity } from './list-rows.ts';

export type ListPhase = 'loading' | 'ready' | 'failed';
const pageSize = 60;

/** The chats of a person, or those in the archive: loaded as one scrolls, and kept true by what happens anywhere. */
export class ConversationList {
  readonly archived: boolean;
  #all = $state.raw<readonly Conversation[]>([]);
  #phase = $state<ListPhase>('loading');
  #problem = $state.raw<unknown>(null);
  #cursor = $state<string | null>(null);
  /** Conversation id → its running turns. */
  #running = $state.raw<ReadonlyMap<string, ReadonlySet<string>>>(new Map());
  /** Conversation id → the latest that was heard of it, also of those that are not in the list. */
  readonly #revisions = new Map<string, number>();
  readonly #reading = new Reading();
  #loadingMore = false;
  #dropped = false;
  readonly #wire: FollowingWire;

  constructor(wire: FollowingWire, archived = false) {
    this.#wire = wire;
    this.archived = archived;
  }

  get all(): readonly Conversation[] {
    return this.#all;
  }
  get phase(): ListPhase {
    return this.#phase;
  }
  get problem(): unknown {
    return this.#problem;
  }
  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  isRunning(id: string): boolean {
    return (this.#running.get(id)?.size ?? 0) > 0;
  }

  /** Loads, and follows what happens until the answer is called. */
  start(): () => void {
    void this.load();
    const stops = [
      this.#wire.on('conversation:created', (conversation) => this.put(conversation)),
      this.#wire.on('conversation:changed', (conversation) => this.put(conversation)),
      this.#wire.on('conversation:deleted', (gone) => this.#drop(gone)),
      this.#wire.on('turn:opened', ({ turn }) =>
        this.#reading.happened(() => this.#run(turn.conversationId, turn.id, true)),
      ),
      this.#wire.on('turn:closed', ({ turn }) =>
        this.#reading.happened(() => this.#run(turn.conversationId, turn.id, false)),
      ),
      // Nobody repeats what was missed.
      this.#wire.onConnect(() => void this.load()),
    ];
    return () => {
      this.#dropped = true;
      for (const stop of stops) stop();
    };
  }

  load(): Promise<void> {
    return this.#reading.run(() => this.#read());
  }

  async #read(): Promise<void> {
    const { http } = this.#wire;
    const archived = this.archived ? 'true' : 'false';
    try {
      const [pinned, rest, turns] = await Promise.all([
        http('GET /api/conversations', { query: { archived, pinned: 'true', limit: 100 } }),
        http('GET /api/conversations', { query: { archived, pinned: 'false', limit: pageSize } }),
        http('GET /api/turns'),
      ]);
      if (this.#dropped) return;
      this.#all = this.#latest([...pinned.items, ...rest.items]);
      this.#cursor = rest.nextCursor;
      this.#running = new Map();
      for (const turn of turns) this.#run(turn.conversationId, turn.id, true);
      this.#phase = 'ready';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#problem = error;
      // A list that is there is better than none, even when it could not be read again.
      if (this.#phase !== 'ready') this.#phase = 'failed';
    }
  }

  async loadMore(): Promise<void> {
    if (this.#loadingMore) return;
    this.#loadingMore = true;
    await this.#reading.run(() => this.#readMore()).finally(() => (this.#loadingMore = false));
  }

  async #readMore(): Promise<void> {
    if (this.#cursor === null) return;
    try {
      const query = {
        archived: this.archived ? ('true' as const) : ('false' as const),
        pinned: 'false' as const,
        cursor: this.#cursor,
        limit: pageSize,
      };
      const page = await this.#wire.http('GET /api/conversations', { query });
      const known = new Set(this.#all.map(({ id }) => id));
      this.#all = this.#latest([...this.#all, ...page.items.filter(({ id }) => !known.has(id))]);
      this.#cursor = page.nextCursor;
    } catch (error) {
      // Scrolling on asks again; the strip of the chat says that the connection is away.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** A new title changes its row alone; only new words move it. */
  put(conversation: Conversation): void {
    this.#reading.happened(() => {
      if (this.#isOld(conversation)) return;
      this.#revisions.set(conversation.id, conversation.revision);
      const others = this.#all.filter(({ id }) => id !== conversation.id);
      this.#all = conversation.archived === this.archived ? sorted([...others, conversation]) : others;
    });
  }

  remove(id: string): void {
    this.#reading.happened(() => (this.#all = this.#all.filter((conversation) => conversation.id !== id)));
  }

  #drop(gone: { id: string; revision: number }): void {
    if (this.#isOld(gone)) return;
    this.#revisions.set(gone.id, gone.revision);
    this.remove(gone.id);
  }

  #isOld({ id, revision }: Pick<Conversation, 'id' | 'revision'>): boolean {
    return (this.#revisions.get(id) ?? 0) > revision;
  }

  /** Rows as they were read, but for those of which something later was heard. */
  #latest(read: readonly Conversation[]): Conversation[] {
    const shown = new Map(this.#all.map((conversation) => [conversation.id, conversation]));
    const rows = read.map((row) => (this.#isOld(row) ? shown.get(row.id) : row)).filter((row) => row !== undefined);
    for (const { id, revision } of rows) this.#revisions.set(id, revision);
    return sorted(rows);
  }

  #run(conversationId: string | null, turnId: string, running: boolean): void {
    if (conversationId === null) return;
    const turns = new Set(this.#running.get(conversationId));
    if (running) turns.add(turnId);
    else turns.delete(turnId);
    this.#running = new Map(this.#running).set(conversationId, turns);
  }
}

function sorted(conversations: readonly Conversation[]): Conversation[] {
  return conversations.toSorted(byActivity);
}
