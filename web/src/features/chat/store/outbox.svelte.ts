import { ApiError } from '@parley/sdk/client';
import type { Problem, TurnOpened } from '@parley/sdk/contract';

/** `waiting`: for the connection, the server or the message before it. `refused`: the server said no, and says why. */
export type OutgoingState = 'sending' | 'waiting' | 'refused';

export interface Outgoing {
  /** Repeating it returns the turn that exists, so a retry can never send twice. */
  readonly clientTurnId: string;
  readonly text: string;
  /** Undefined: after the active leaf. Null: at the start. */
  readonly parentId: string | null | undefined;
  readonly state: OutgoingState;
  readonly problem: Problem | null;
  /** When it is worth trying again, by this device's clock; null: nobody said. */
  readonly retryAtMs: number | null;
  readonly createdAt: string;
  /** Its turn was announced before its own answer came, so it is on the screen already. */
  readonly landed: boolean;
}

const lostAnswerRetryMs = 2_000;

export interface OutboxPorts {
  post(item: Outgoing): Promise<TurnOpened>;
  /** It stays here until `shown`. */
  opened(opened: TurnOpened, item: Outgoing): void;
  isConnected(): boolean;
  /** Survives a reload. */
  keep(items: readonly Outgoing[]): void;
}

/** Messages on their way, in order and one at a time, as each follows the one before it. */
export class Outbox {
  #items = $state.raw<readonly Outgoing[]>([]);
  /** Everything that was ever in here: what was kept may be older than what is known. */
  readonly #seen = new Set<string>();
  /** Answered, and not yet part of what is read from the server. */
  readonly #answered = new Set<string>();
  #busy = false;
  #wanted = false;
  readonly #ports: OutboxPorts;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  get items(): readonly Outgoing[] {
    return this.#items;
  }
  get waiting(): number {
    return this.#items.filter((item) => item.state === 'waiting').length;
  }

  add(text: string, parentId?: string | null): Outgoing {
    const item: Outgoing = {
      clientTurnId: crypto.randomUUID(),
      text,
      parentId,
      state: this.#ports.isConnected() && !this.#isHeldUp ? 'sending' : 'waiting',
      problem: null,
      retryAtMs: null,
      createdAt: new Date().toISOString(),
      landed: false,
    };
    this.#seen.add(item.clientTurnId);
    this.#set([...this.#items, item]);
    void this.flush();
    return item;
  }

  /** Brings back what a reload interrupted. */
  restore(items: readonly Outgoing[]): void {
    const back = items.filter((item) => !this.#seen.has(item.clientTurnId));
    if (back.length === 0) return;
    for (const item of back) this.#seen.add(item.clientTurnId);
    this.#set([...back.map((item) => ({ ...item, state: 'waiting' as const, landed: false })), ...this.#items]);
    void this.flush();
  }

  /** Whichever is tried, those before it go first. */
  retry(clientTurnId: string): void {
    for (const item of this.#items) {
      if (item.state === 'refused')
        this.#change(item.clientTurnId, { state: 'waiting', problem: null, retryAtMs: null });
      if (item.clientTurnId === clientTurnId) break;
    }
    void this.flush();
  }

  /** Its message stands on the page. */
  shown(clientTurnId: string): void {
    this.#answered.delete(clientTurnId);
    this.#remove(clientTurnId);
  }

  /** Takes a message back; its text returns to the composer. */
  cancel(clientTurnId: string): string | null {
    const item = this.#items.find((each) => each.clientTurnId === clientTurnId);
    this.#remove(clientTurnId);
    void this.flush();
    return item?.text ?? null;
  }

  /** A turn of this person was announced; when it is one of ours, its bubble must not stand twice. */
  land(opened: TurnOpened): Outgoing | undefined {
    const ours = this.#items.find((item) => item.state === 'sending' && item.text === opened.userMessage?.text);
    if (ours !== undefined) this.#change(ours.clientTurnId, { landed: true });
    return ours;
  }

  async flush(): Promise<void> {
    this.#wanted = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      // Asked again meanwhile, perhaps by a connection that came back: what was told to wait may go now.
      while (this.#wanted) {
        this.#wanted = false;
        await this.#sendInOrder();
      }
    } finally {
      this.#busy = false;
    }
  }

  get #head(): Outgoing | undefined {
    return this.#items.find(({ clientTurnId }) => !this.#answered.has(clientTurnId));
  }
  get #isHeldUp(): boolean {
    const { state } = this.#head ?? {};
    return state === 'refused' || state === 'waiting';
  }

  async #sendInOrder(): Promise<void> {
    for (let head = this.#head; head !== undefined && head.state !== 'refused'; head = this.#head) {
      if (!(await this.#send(head))) break;
    }
    if (!this.#isHeldUp) return;
    for (const { clientTurnId, state } of this.#items)
      if (state === 'sending' && !this.#answered.has(clientTurnId)) this.#change(clientTurnId, { state: 'waiting' });
  }

  /** False when it must wait. */
  async #send(item: Outgoing): Promise<boolean> {
    if (!this.#ports.isConnected()) {
      this.#change(item.clientTurnId, { state: 'waiting' });
      return false;
    }
    this.#change(item.clientTurnId, { state: 'sending' });
    try {
      const opened = await this.#ports.post(item);
      this.#answered.add(item.clientTurnId);
      this.#ports.opened(opened, item);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#failed(item, error.problem);
      return false;
    }
  }

  #failed({ clientTurnId }: Outgoing, problem: Problem): void {
    const isUnreachable = problem.code === 'network';
    // It stops, or its database is away: that passes, and it says when to ask again.
    const passes = isUnreachable || problem.status === 503;
    const waitMs = problem.retryAfter === undefined ? null : problem.retryAfter * 1_000;
    this.#change(clientTurnId, {
      state: passes ? 'waiting' : 'refused',
      problem: isUnreachable ? null : problem,
      retryAtMs: waitMs === null ? null : Date.now() + waitMs,
    });
    // On a connection that stands no reconnect will wake us.
    if (passes && this.#ports.isConnected()) setTimeout(() => void this.flush(), waitMs ?? lostAnswerRetryMs);
  }

  #change(clientTurnId: string, change: Partial<Outgoing>): void {
    this.#set(this.#items.map((item) => (item.clientTurnId === clientTurnId ? { ...item, ...change } : item)));
  }

  #remove(clientTurnId: string): void {
    this.#set(this.#items.filter((item) => item.clientTurnId !== clientTurnId));
  }

  #set(items: readonly Outgoing[]): void {
    this.#items = items;
    this.#ports.keep(items);
  }
}
