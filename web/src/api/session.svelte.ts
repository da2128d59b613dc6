import type { User } from '@parley/sdk/contract';

/** `expired`: the user is still known and so is the screen, but a sign-in is needed to go on. */
export type SessionState = 'signed-out' | 'signed-in' | 'expired';

/** Who uses this page. Holds no secret: the session itself is a cookie that scripts can't read. */
export class Session {
  #user = $state.raw<User | null>(null);
  #state = $state<SessionState>('signed-out');
  readonly #listeners = new Set<(state: SessionState) => void>();

  get user(): User | null {
    return this.#user;
  }
  get state(): SessionState {
    return this.#state;
  }
  get isAdmin(): boolean {
    return this.#user?.role === 'admin';
  }

  /** After a sign-in, a change of the profile, or word from another tab. */
  enter(user: User): void {
    this.#user = user;
    this.#move('signed-in');
  }

  /** Keeps what is on the screen, so that a sign-in loses no typed word. */
  expire(): void {
    if (this.#state === 'signed-in') this.#move('expired');
  }

  leave(): void {
    this.#user = null;
    this.#move('signed-out');
  }

  /** Hears of every change of state, at once. */
  onChange(listener: (state: SessionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #move(state: SessionState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

export const session = new Session();
