import MessageCircle from '@lucide/svelte/icons/message-circle';
import { http } from '../api/http.ts';
import { commands, type Command } from './commands.svelte.ts';
import { go } from './navigation.svelte.ts';

export interface PaletteLine {
  id: string;
  label: string;
  icon?: Command['icon'];
  keys?: string;
  group: 'chats' | 'go' | 'action';
  run: () => void;
}

/** A pause in typing after which the server is asked; commands filter at once. */
const askAfterMs = 120;

/** What the palette offers for what is typed. `>` leaves commands only, `#` chats only. */
export class Palette {
  #typed = $state('');
  /** With the words they were found by: a title need not hold those. */
  #chats = $state.raw<{ words: string; lines: readonly PaletteLine[] }>({ words: '', lines: [] });
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly lines: readonly PaletteLine[] = $derived.by(() => this.#find());
  active = $state(0);

  get typed(): string {
    return this.#typed;
  }
  set typed(value: string) {
    this.#typed = value;
    this.active = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.askChats(), askAfterMs);
  }

  move(step: number): void {
    const count = this.lines.length;
    if (count > 0) this.active = (this.active + step + count) % count;
  }

  /** Recent chats while nothing is typed, else those that match. An answer that was overtaken is dropped. */
  async askChats(): Promise<void> {
    const asked = ++this.#asked;
    const words = this.#words();
    const lines = await this.#readChats(words);
    if (asked !== this.#asked) return;
    const active = this.lines[this.active]?.id;
    this.#chats = { words, lines };
    if (words === '') return;
    // What Enter would do must not change under the hand that is about to press it.
    this.active = Math.max(
      0,
      this.lines.findIndex(({ id }) => id === active),
    );
  }

  async #readChats(words: string): Promise<PaletteLine[]> {
    if (this.#typed.startsWith('>')) return [];
    try {
      if (words === '') {
        const { items } = await http('GET /api/conversations', { query: { limit: 6 } });
        return items.map(({ id, title }) => chatLine(id, title));
      }
      const { items } = await http('GET /api/search', { query: { q: words, limit: 20 } });
      const titles = new Map(items.map(({ conversationId, title }) => [conversationId, title]));
      return [...titles].slice(0, 8).map(([id, title]) => chatLine(id, title));
    } catch {
      // The commands still work without the server; the strip of the shell tells that it is gone.
      return [];
    }
  }

  #words(): string {
    return this.#typed.replace(/^[>#]/, '').trim();
  }

  #find(): PaletteLine[] {
    const words = this.#words().toLowerCase().split(/\s+/);
    const isAnswered = this.#chats.words === this.#words();
    const wanted = (label: string) => words.every((word) => label.toLowerCase().includes(word));
    const found = this.#typed.startsWith('#')
      ? []
      : commands.list
          .filter(({ hidden }) => !hidden)
          .map((command) => ({ ...command, label: command.label() }))
          .filter(({ label }) => wanted(label));
    return [
      // Until the answer for these words is here, only those that fit them by name.
      ...this.#chats.lines.filter(({ label }) => label !== '' && (isAnswered || wanted(label))),
      ...found.filter(({ group }) => group === 'action'),
      ...found.filter(({ group }) => group === 'go'),
    ];
  }
}

function chatLine(id: string, title: string): PaletteLine {
  return { id, label: title, icon: MessageCircle, group: 'chats', run: () => void go(`/chat/${id}`) };
}
