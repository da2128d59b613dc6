const storageKey = 'parley.last-chat';

/** Where `/` leads: the chat that was open last on this device. */
export function lastChatPath(): string {
  try {
    const id = localStorage.getItem(storageKey);
    return id === null ? '/chat/new' : `/chat/${id}`;
  } catch (error) {
    if (error instanceof DOMException) return '/chat/new';
    throw error;
  }
}

export function rememberChat(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, id);
  } catch (error) {
    // Without storage `/` opens a new chat.
    if (!(error instanceof DOMException)) throw error;
  }
}
