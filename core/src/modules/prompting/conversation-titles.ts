import { cleanTitle, type ConversationsService } from '../conversations/index.ts';
import type { HookSubject } from '../plugins/index.ts';
import type { ProviderRouter, ResolvedModel } from '../providers/index.ts';

const TIMEOUT_MS = 20_000;
const MAX_TITLE_TEXT = 400;
const EXCERPT_CHARS = 1500;

export interface TitleOccasion {
  userId: string;
  conversationId: string;
  /** As it is now. */
  title: string;
  userText: string;
  replyText: string;
  model: ResolvedModel;
  /** Its signal ends the asking. */
  subject: HookSubject;
}

/**
 * Has a model name a conversation that is named by its first words until then. Charged to nobody; a model that fails
 * here costs nothing but the words.
 */
export class ConversationTitles {
  readonly #conversations: ConversationsService;
  readonly #router: ProviderRouter;
  readonly #byModel: () => boolean;

  constructor(deps: {
    conversations: ConversationsService;
    router: ProviderRouter;
    /** The setting `modelTitles`. */
    byModel: () => boolean;
  }) {
    this.#conversations = deps.conversations;
    this.#router = deps.router;
    this.#byModel = deps.byModel;
  }

  isOn(): boolean {
    return this.#byModel();
  }

  /** Only what the words of this very question have named: neither a person's name nor one that a model gave before. */
  async improve(occasion: TitleOccasion): Promise<void> {
    const from = cleanTitle(occasion.userText);
    if (occasion.title !== from) return;
    const written = cleanTitle(await this.#ask(occasion)).replace(/^["'“«「]+|["'”»」.]+$/gu, '');
    // Half a name is none.
    if (occasion.subject.signal.aborted) return;
    if (written !== '') await this.#conversations.retitle(occasion.userId, occasion.conversationId, from, written);
  }

  /** Whatever text came, also when the call failed. */
  #ask(occasion: TitleOccasion): Promise<string> {
    const deadline = AbortSignal.any([occasion.subject.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return new Promise((resolve) => {
      let text = '';
      const call = this.#router.chat(
        occasion.model,
        {
          messages: [
            {
              role: 'system',
              content:
                'Name the conversation below in at most six words, in its own language. Answer with the name alone: no quotes, no full stop.',
            },
            {
              role: 'user',
              content: `${occasion.userText.slice(0, EXCERPT_CHARS)}\n\n---\n\n${occasion.replyText.slice(0, EXCERPT_CHARS)}`,
            },
          ],
          parameters: { maxTokens: 60 },
          stream: true,
        },
        { ...occasion.subject, signal: deadline },
        {
          onQueued: () => undefined,
          onParts(parts) {
            for (const part of parts) if (part.type === 'text') text += part.text;
            if (text.length > MAX_TITLE_TEXT) call.abort();
          },
          onEnd: () => resolve(text),
        },
      );
      deadline.addEventListener('abort', () => {
        call.abort();
        resolve(text);
      });
    });
  }
}
