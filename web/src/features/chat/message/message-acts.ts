import type { Message } from '@parley/sdk/contract';
import { t } from '../../../i18n/i18n.svelte.ts';
import { announce } from '../../../ui/announce.ts';
import { copyText } from '../../../ui/copy.ts';
import { isFinal } from '../stream/turn-reducer.ts';
import type { ChatScreenState } from '../screen/chat-screen.svelte.ts';

export interface MessageActs {
  /** False in an archived chat and while the reply is written. */
  readonly mayChange: boolean;
  copy(): void;
  edit(): void;
  regenerate(model?: string): void;
  trace(): void;
  /** Another version, by its distance from the one shown. */
  version(step: 1 | -1): void;
}

export function articleId(messageId: string): string {
  return `message-${messageId}`;
}

/** What one may do with a message, the same for buttons, menu and keys. */
export function messageActs(
  chat: ChatScreenState,
  message: Message,
  showVersion: (messageId: string, versionId: string) => void,
): MessageActs {
  const store = chat.store;
  const live = store?.live.of(message);
  return {
    mayChange: store?.conversation?.archived !== true && (live === undefined || isFinal(live.state)),
    copy: () =>
      void copyText(live?.text ?? message.text).then((copied) => {
        if (copied) announce(t('ui.copied'));
      }),
    edit: () => {
      chat.editing = message.id;
    },
    regenerate: (model) => {
      const article = document.getElementById(articleId(message.id));
      chat.slot = { position: message.position, heightPx: article?.offsetHeight ?? 0 };
      chat.attempt(store?.actions.regenerate(message, model));
    },
    trace: () => chat.showTrace(message),
    version: (step) => {
      const next = message.versions[message.versions.indexOf(message.id) + step];
      if (next !== undefined) showVersion(message.id, next);
    },
  };
}
