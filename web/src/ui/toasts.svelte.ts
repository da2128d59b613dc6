import { untrack } from 'svelte';

export interface ToastInput {
  text: string;
  tone?: 'plain' | 'danger';
  /** Such as Undo; it closes the toast. */
  action?: { label: string; run: () => void };
  /** 8 s leave time to undo; without an action 5 s. */
  durationMs?: number;
}
export interface Toast extends ToastInput {
  id: number;
}

/** Short words at the edge of the screen. Nothing important lives here alone. */
class Toasts {
  #list = $state.raw<readonly Toast[]>([]);
  #next = 1;
  readonly #timers = new Map<number, { handle: ReturnType<typeof setTimeout>; durationMs: number }>();

  get list(): readonly Toast[] {
    return this.#list;
  }

  show(input: ToastInput): number {
    // Effects call this too; reading the list must not make them depend on it.
    return untrack(() => this.#add(input));
  }

  #add(input: ToastInput): number {
    const id = this.#next++;
    // The same words twice tell nothing new, and more than three toasts hide the page: the older ones go.
    for (const same of this.#list.filter(({ text }) => text === input.text)) this.dismiss(same.id);
    for (const old of this.#list.slice(0, Math.max(0, this.#list.length - 2))) this.dismiss(old.id);
    this.#list = [...this.#list, { ...input, id }];
    this.#start(id, input.durationMs ?? (input.action ? 8_000 : 5_000));
    return id;
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id)?.handle);
    this.#timers.delete(id);
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }

  /** While the pointer or the focus rests on them nothing disappears. */
  hold(): void {
    for (const { handle } of this.#timers.values()) clearTimeout(handle);
  }
  release(): void {
    for (const [id, { durationMs }] of this.#timers) this.#start(id, durationMs);
  }

  #start(id: number, durationMs: number): void {
    clearTimeout(this.#timers.get(id)?.handle);
    this.#timers.set(id, { handle: setTimeout(() => this.dismiss(id), durationMs), durationMs });
  }
}

export const toasts = new Toasts();
