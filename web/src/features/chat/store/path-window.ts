import type { Message, MessagePage, TurnOpened } from '@parley/sdk/contract';

export const pageSize = 40;
/** Above it, nodes and memory grow with the conversation's length; below it, scrolling far loads all the time. */
export const maxMounted = 200;

/** The part of a conversation's active path that is on the page. */
export interface PathWindow {
  readonly items: readonly Message[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  readonly total: number;
}

export const emptyWindow: PathWindow = { items: [], hasBefore: false, hasAfter: false, total: 0 };

export function fromPage(page: MessagePage): PathWindow {
  return { items: page.items, hasBefore: page.hasBefore, hasAfter: page.hasAfter, total: page.total };
}

/** Older messages on top; what leaves at the far end is loaded again when somebody scrolls there. */
export function withBefore(window: PathWindow, page: MessagePage): PathWindow {
  const all = [...unknownOf(page, window), ...window.items];
  return {
    items: all.slice(0, maxMounted),
    hasBefore: page.hasBefore,
    hasAfter: window.hasAfter || all.length > maxMounted,
    total: page.total,
  };
}

export function withAfter(window: PathWindow, page: MessagePage): PathWindow {
  const all = [...window.items, ...unknownOf(page, window)];
  return {
    items: all.slice(-maxMounted),
    hasBefore: window.hasBefore || all.length > maxMounted,
    hasAfter: page.hasAfter,
    total: page.total,
  };
}

/** A fresh page of the end over a window that was there: what is older and joins on seamlessly stays. */
export function withFreshEnd(window: PathWindow, page: MessagePage): PathWindow {
  const [first] = page.items;
  const joint = first === undefined ? -1 : window.items.findIndex((message) => message.id === first.id);
  if (joint < 1) return fromPage(page);
  const older = window.items.slice(0, joint);
  const items = [...older, ...page.items].slice(-maxMounted);
  return { ...fromPage(page), items, hasBefore: window.hasBefore || older.length + page.items.length > maxMounted };
}

export function withMessage(window: PathWindow, message: Message): PathWindow {
  if (!window.items.some(({ id }) => id === message.id)) return window;
  return { ...window, items: window.items.map((known) => (known.id === message.id ? message : known)) };
}

/** A turn that began here or in another tab. Null: its place is not on the page. */
export function withOpened(window: PathWindow, { userMessage, assistantMessage }: TurnOpened): PathWindow | null {
  const fresh = userMessage === null ? [assistantMessage] : [userMessage, assistantMessage];
  const known = new Set(window.items.map(({ id }) => id));
  if (fresh.every(({ id }) => known.has(id))) return fresh.reduce(withMessage, window);

  const parentId = (userMessage ?? assistantMessage).parentId;
  const parent = window.items.findIndex(({ id }) => id === parentId);
  if (parentId !== null && parent === -1) return null;
  const items = [...window.items.slice(0, parent + 1), ...fresh];
  return {
    items: items.slice(-maxMounted),
    hasBefore: parentId !== null && (window.hasBefore || items.length > maxMounted),
    hasAfter: false,
    total: assistantMessage.position,
  };
}

function unknownOf(page: MessagePage, window: PathWindow): Message[] {
  const known = new Set(window.items.map(({ id }) => id));
  return page.items.filter(({ id }) => !known.has(id));
}
