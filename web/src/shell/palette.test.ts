import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commands } from './commands.svelte.ts';
import { Palette } from './palette.svelte.ts';

const titles = (palette: Palette) => palette.lines.map(({ label }) => label);
const pending: ((answer: Response) => void)[] = [];
const answer = (items: object[]) => pending.shift()?.(Response.json({ items, nextCursor: null }));

describe('the palette', () => {
  let remove: () => void;
  beforeEach(() => {
    vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => pending.push(resolve)));
    remove = commands.add({ id: 'keys', label: () => 'API keys', group: 'go', run: () => undefined });
  });
  afterEach(() => {
    remove();
    pending.length = 0;
    vi.unstubAllGlobals();
  });

  async function withRecentChats(): Promise<Palette> {
    const palette = new Palette();
    const asked = palette.askChats();
    answer([
      { id: '1', title: 'Boats' },
      { id: '2', title: 'My API key' },
    ]);
    await asked;
    return palette;
  }

  it('offers recent chats while nothing is typed', async () => {
    const palette = await withRecentChats();
    expect(titles(palette)).toEqual(['Boats', 'My API key', 'API keys']);
    expect(palette.active).toBe(0);
  });

  it('offers nothing that does not fit what is typed, also before the server has answered', async () => {
    const palette = await withRecentChats();
    palette.typed = 'API k';
    expect(titles(palette)).toEqual(['My API key', 'API keys']);
    palette.typed = 'API keys';
    expect(titles(palette)).toEqual(['API keys']);
  });

  it('keeps pointing at the same line when the answer comes, which may know chats by their words', async () => {
    const palette = await withRecentChats();
    palette.typed = 'API keys';
    const asked = palette.askChats();
    answer([{ conversationId: '3', title: 'Where are they?', snippet: '', matches: [] }]);
    await asked;
    expect(titles(palette)).toEqual(['Where are they?', 'API keys']);
    expect(palette.lines[palette.active]?.label).toBe('API keys');
  });
});
