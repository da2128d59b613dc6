import { describe, expect, it, vi } from 'vitest';
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
    const draft = new Draft('chat-1', storage);
    draft.text = 'half a';
    draft.text = 'half a thought';
    await vi.waitFor(() => expect([...kept]).toEqual([['parley.draft.chat-1', 'half a thought']]), { timeout: 60_000 });
  });

  it('comes back, but never over what is being typed', async () => {
    const { storage } = memory();
    await storage.set('parley.draft.new', 'from before');
    const [quiet, busy] = [new Draft(null, storage), new Draft(null, storage)];
    busy.text = 'typing';
    await Promise.all([quiet.load(), busy.load()]);
    expect(quiet.text).toBe('from before');
    expect(busy.text).toBe('typing');
  });

  it('leaves nothing behind when it was sent', async () => {
    const { kept, storage } = memory();
    const draft = new Draft(null, storage);
    draft.text = 'words';
    await draft.save();
    draft.clear();
    expect(draft.text).toBe('');
    await vi.waitFor(() => expect(kept.size).toBe(0), { timeout: 60_000 });
  });
});
