import { session } from '../../../api/session.svelte.ts';
import { keptWords, type WordStorage } from './kept-words.ts';

const saveAfterMs = 400;

interface DraftWord {
  key: string;
  text: string;
}
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('parley.drafts');

/** Words not sent yet: kept over reloads and crashes, of one person, and the same in every tab. */
export class Draft {
  #text = $state('');
  /** Something was typed or heard; what was kept before is older. */
  #begun = false;
  /** Somebody typed here since another tab spoke. */
  #typed = false;
  #unsaved = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #key: string;
  readonly #storage: WordStorage;

  constructor(conversationId: string | null, storage: WordStorage = keptWords, owner = session.user?.id) {
    // The next person on this browser begins with words of their own.
    this.#key = `parley.draft.${owner}.${conversationId ?? 'new'}`;
    this.#storage = storage;
  }

  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.#text = text;
    this.#begun = this.#typed = this.#unsaved = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), saveAfterMs);
  }

  /** What was kept, unless typing has begun already. */
  async load(): Promise<void> {
    const kept = await this.#storage.get<string>(this.#key);
    if (!this.#begun && kept !== undefined) this.#text = kept;
  }

  async save(): Promise<void> {
    this.#rest();
    const text = this.#text;
    if (text === '') await this.#storage.del(this.#key);
    else await this.#storage.set(this.#key, text);
    channel?.postMessage({ key: this.#key, text } satisfies DraftWord);
  }

  /** They are on their way; nothing stays behind. */
  clear(): void {
    this.text = '';
    void this.save();
  }

  /** Takes over what another tab typed, unless somebody types here; and is saved by whoever goes elsewhere, before the first key there. */
  follow(isTypingHere: () => boolean): () => void {
    const listen = ({ data }: MessageEvent<DraftWord>) => {
      if (data.key === this.#key && !(this.#typed && isTypingHere())) this.#takeOver(data.text);
    };
    const leave = () => {
      if (this.#unsaved) void this.save();
    };
    channel?.addEventListener('message', listen);
    addEventListener('blur', leave);
    return () => {
      channel?.removeEventListener('message', listen);
      removeEventListener('blur', leave);
      leave();
    };
  }

  /** The other tab has kept them; what was not kept here is older. */
  #takeOver(text: string): void {
    this.#rest();
    this.#begun = true;
    this.#typed = false;
    this.#text = text;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#unsaved = false;
  }
}
