import { keptWords, type WordStorage } from './kept-words.ts';

const saveAfterMs = 400;

interface DraftWord {
  key: string;
  text: string;
}
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('parley.drafts');

/** Words not sent yet: kept over reloads and crashes, and the same in every tab. */
export class Draft {
  #text = $state('');
  #touched = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #key: string;
  readonly #storage: WordStorage;

  constructor(conversationId: string | null, storage: WordStorage = keptWords) {
    this.#key = `parley.draft.${conversationId ?? 'new'}`;
    this.#storage = storage;
  }

  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.#text = text;
    this.#touched = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), saveAfterMs);
  }

  /** What was kept, unless typing has begun already. */
  async load(): Promise<void> {
    const kept = await this.#storage.get<string>(this.#key);
    if (!this.#touched && kept !== undefined) this.#text = kept;
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#text === '') await this.#storage.del(this.#key);
    else await this.#storage.set(this.#key, this.#text);
    channel?.postMessage({ key: this.#key, text: this.#text } satisfies DraftWord);
  }

  /** They are on their way; nothing stays behind. */
  clear(): void {
    this.text = '';
    void this.save();
  }

  /** Takes over what another tab typed, unless somebody types here. */
  follow(isTypingHere: () => boolean): () => void {
    const listen = ({ data }: MessageEvent<DraftWord>) => {
      if (data.key === this.#key && !isTypingHere()) this.#text = data.text;
    };
    channel?.addEventListener('message', listen);
    return () => {
      channel?.removeEventListener('message', listen);
      if (this.#touched) void this.save();
    };
  }
}
