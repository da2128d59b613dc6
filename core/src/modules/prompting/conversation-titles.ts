import type { ConversationsService } from '../conversations/index.ts';
import type { HookSubject } from '../plugins/index.ts';
import type { ProviderRouter, ResolvedModel } from '../providers/index.ts';
import { cleanTitle } from './clean-title.ts';

const TIMEOUT_MS = 20_000;
const MAX_TITLE_TEXT = 400;
const EXCERPT_CHARS = 1500;

export interface TitleOccasion {
  userId: string;
  conversationId: string;
  userText: string;
  replyText: string;
  model: ResolvedModel;
  /** Its signal ends the asking. */
  subject: HookSubject;
}

/** Names conversations that nobody has named. Charged to nobody; a model that fails here costs nothing but the words. */
export class ConversationTitles {
  readonly #conversations: ConversationsService;
  readonly #router: ProviderRouter;
  readonly #byModel: () => boolean | Promise<boolean>;

  constructor(deps: {
    conversations: ConversationsService;
    router: ProviderRouter;
    /** The setting `modelTitles`. */
    byModel: () => boolean | Promise<boolean>;
  }) {
    this.#conversations = deps.conversations;
    this.#router = deps.router;
    this.#byModel = deps.byModel;
  }

  async give(occasion: TitleOccasion): Promise<void> {
    const written = (await this.#byModel()) ? cleanTitle(await this.#ask(occasion)) : '';
    // Half a name is none.
    if (occasion.subject.signal.aborted) return;
    const title = written === '' ? cleanTitle(occasion.userText) : written.replace(/^["'“«「]+|["'”»」.]+$/gu, '');
    if (title !== '') await this.#conversations.giveTitle(occasion.userId, occasion.conversationId, title);
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
