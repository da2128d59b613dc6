import { ApiError, type HttpClient } from '@parley/sdk/client';
import { describe, expect, it } from 'vitest';
import { ChatFind } from './chat-find.svelte.ts';

function setUp() {
  const shown: string[] = [];
  const state = { fails: false };
  const at = (n: number) => `2026-11-21T00:00:0${n}.000Z`;
  const http = async (_route: string, { query }: { query: { q: string; conversationId: string } }) => {
    if (state.fails) throw new ApiError({ type: '', title: '', status: 0, code: 'network', detail: '' });
    if (query.q === 'nothing') return { items: [], nextCursor: null };
    const items = [
      { messageId: 'late', at: at(3) },
      { messageId: null, at: at(9) },
      { messageId: 'early', at: at(1) },
      { messageId: 'middle', at: at(2) },
    ];
    return { items, nextCursor: null };
  };
  const find = new ChatFind('c', {
    http: http as HttpClient,
    show: (messageId) => shown.push(messageId),
    found: () => undefined,
  });
  return { find, shown, state };
}

describe('finding in a chat', () => {
  it('begins at the latest message and goes round both ways', async () => {
    const { find, shown } = setUp();
    find.words = 'word';
    await find.ask();
    find.step(-1);
    find.step(1);
    find.step(1);
    expect(shown).toEqual(['late', 'middle', 'late', 'early']);
    expect([find.place, find.hits?.length]).toEqual([1, 3]);
  });

  it('shows nothing when nothing is found or the server is away', async () => {
    const { find, shown, state } = setUp();
    find.words = 'nothing';
    await find.ask();
    expect(find.hits).toEqual([]);
    state.fails = true;
    find.words = 'word';
    await find.ask();
    expect(find.hits).toBeNull();
    find.step(1);
    expect(shown).toEqual([]);
  });
});
