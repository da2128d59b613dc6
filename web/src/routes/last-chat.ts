import { untrack } from 'svelte';
import { session } from '../api/session.svelte.ts';

/** Several people may share a browser. */
const storageKey = (userId: string) => `parley.last-chat.${userId}`;

/** Where `/` leads: the chat that its person had open last on this device. */
export function lastChatPath(): string {
  const userId = session.user?.id;
  if (userId === undefined) return '/chat/new';
  try {
    const id = localStorage.getItem(storageKey(userId));
    return id === null ? '/chat/new' : `/chat/${id}`;
  } catch (error) {
    if (error instanceof DOMException) return '/chat/new';
    throw error;
  }
}

export function rememberChat(id: string | null): void {
  // Not for an effect to follow: when another person signs in, the chat of the one before is on the screen still.
  const userId = untrack(() => session.user?.id);
  if (userId === undefined) return;
  try {
    if (id === null) localStorage.removeItem(storageKey(userId));
    else localStorage.setItem(storageKey(userId), id);
  } catch (error) {
    // Without storage `/` opens a new chat.
    if (!(error instanceof DOMException)) throw error;
  }
}
