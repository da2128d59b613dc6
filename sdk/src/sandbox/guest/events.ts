export class Event {
  readonly type: string;
  target: EventTarget | null = null;
  defaultPrevented = false;
  constructor(type: string) {
    this.type = String(type);
  }
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

type Listener = ((event: Event) => void) | { handleEvent(event: Event): void };

export class EventTarget {
  #listeners: { type: string; listener: Listener; once: boolean }[] = [];

  addEventListener(
    type: string,
    listener: Listener | null,
    options?: boolean | { once?: boolean; signal?: EventTarget },
  ): void {
    if (listener === null || listener === undefined) return;
    if (this.#listeners.some((known) => known.type === type && known.listener === listener)) return;
    const once = typeof options === 'object' && options?.once === true;
    this.#listeners.push({ type, listener, once });
    if (typeof options === 'object') {
      options?.signal?.addEventListener('abort', () => this.removeEventListener(type, listener), { once: true });
    }
  }

  removeEventListener(type: string, listener: Listener | null): void {
    this.#listeners = this.#listeners.filter((known) => known.type !== type || known.listener !== listener);
  }

  dispatchEvent(event: Event): boolean {
    event.target = this;
    for (const known of this.#listeners.slice()) {
      if (known.type !== event.type) continue;
      if (known.once) this.removeEventListener(known.type, known.listener);
      // One listener's fault must not keep the others from hearing.
      try {
        if (typeof known.listener === 'function') known.listener.call(this, event);
        else known.listener.handleEvent(event);
      } catch (fault) {
        void Promise.reject(fault);
      }
    }
    return !event.defaultPrevented;
  }
}
