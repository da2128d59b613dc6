import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Draft } from './draft.svelte.ts';

function memory() {
  const kept = new Map<string, unknown>();
  return {
    kept,
    storage: {
      get: async <T>(key: string) => kept.get(key) as T | undefined,
      set: async (key: string, value: unknown) => void kept.set(key, value),
      del: async (key: string) => void kept.delete(key),
    },
  };
}

describe('a draft', () => {
  it('is kept a moment after the last key, for its own chat', async () => {
    const { kept, storage } = memory();
    const draft = new Draft('chat-1', storage, 'ada');
    draft.text = 'half a';
    draft.text = 'half a thought';
    await vi.waitFor(() => expect([...kept]).toEqual([['parley.draft.ada.chat-1', 'half a thought']]), {
      timeout: 60_000,
    });
  });

  it('comes back, but never over what is being typed', async () => {
    const { storage } = memory();
    await storage.set('parley.draft.ada.new', 'from before');
    const [quiet, busy] = [new Draft(null, storage, 'ada'), new Draft(null, storage, 'ada')];
    busy.text = 'typing';
    await Promise.all([quiet.load(), busy.load()]);
    expect(quiet.text).toBe('from before');
    expect(busy.text).toBe('typing');
  });

  it('leaves nothing behind when it was sent', async () => {
    const { kept, storage } = memory();
    const draft = new Draft(null, storage, 'ada');
    draft.text = 'words';
    await draft.save();
    draft.clear();
    expect(draft.text).toBe('');
    await vi.waitFor(() => expect(kept.size).toBe(0), { timeout: 60_000 });
  });
});

describe('a draft in two tabs', () => {
  const key = 'parley.draft.ada.chat-1';
  let otherTab: BroadcastChannel;
  let typingHere: boolean;
  let leave: (() => void) | undefined;
  beforeEach(() => {
    otherTab = new BroadcastChannel('parley.drafts');
    typingHere = false;
  });
  afterEach(() => {
    leave?.();
    otherTab.close();
  });

  function open() {
    const { kept, storage } = memory();
    const draft = new Draft('chat-1', storage, 'ada');
    leave = draft.follow(() => typingHere);
    return { kept, storage, draft };
  }
  const hear = (text: string) => otherTab.postMessage({ key, text });
  const patiently = { timeout: 60_000 };

  it('gives way to newer words of the other one, and never overwrites them', async () => {
    const { kept, storage, draft } = open();
    draft.text = 'older';
    hear('newer');
    await vi.waitFor(() => expect(draft.text).toBe('newer'), patiently);
    kept.set(key, 'newer still');
    leave?.();
    // Of a draft that is typed later the time to be saved comes later too.
    const later = new Draft('chat-2', storage, 'ada');
    later.text = 'saved';
    await vi.waitFor(() => expect(kept.get('parley.draft.ada.chat-2')).toBe('saved'), patiently);
    expect(kept.get(key)).toBe('newer still');
  });

  it('is empty in both when its words were sent, and stays so', async () => {
    const { kept, draft } = open();
    draft.text = 'words';
    await draft.save();
    hear('');
    kept.delete(key);
    await vi.waitFor(() => expect(draft.text).toBe(''), patiently);
    leave?.();
    expect(kept.size).toBe(0);
  });

  it('stays while somebody types into it', async () => {
    const { draft } = open();
    typingHere = true;
    draft.text = 'typed here';
    const heard = vi.fn<() => void>();
    const third = new BroadcastChannel('parley.drafts');
    third.addEventListener('message', heard);
    hear('typed there');
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), patiently);
    third.close();
    expect(draft.text).toBe('typed here');
  });

  it('takes what was typed elsewhere until the first key here, though the box has the focus already', async () => {
    const { draft } = open();
    typingHere = true;
    hear('typed there');
    await vi.waitFor(() => expect(draft.text).toBe('typed there'), patiently);
  });

  it('is told to the other one as soon as this one is left', async () => {
    const { kept, draft } = open();
    draft.text = 'half a thought';
    dispatchEvent(new Event('blur'));
    expect(kept.get(key)).toBe('half a thought');
  });

  it('is not saved again by leaving a chat, when it is saved', async () => {
    const { kept, draft } = open();
    draft.text = 'words';
    await draft.save();
    kept.clear();
    leave?.();
    expect(kept.size).toBe(0);
  });
});

it('belongs to one person', async () => {
  const { storage } = memory();
  const [ada, next] = [new Draft(null, storage, 'ada'), new Draft(null, storage, 'next')];
  ada.text = 'private';
  await ada.save();
  await next.load();
  expect(next.text).toBe('');
});
