import { fireEvent, screen } from '@testing-library/svelte';
import type { Message } from '@parley/sdk/contract';
import { describe, expect, it, vi } from 'vitest';
import { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import { makeMessage } from '../testing/factories.ts';
import { renderInChat } from '../testing/render-in-chat.ts';
import MessageRow from './MessageRow.svelte';

function show(change: Partial<Message>, place: { last?: boolean; tabbable?: boolean; hovered?: boolean } = {}) {
  const chat = new ChatScreenState(() => null);
  const message = makeMessage({ id: 'm2', position: 2, ...change });
  const onversion = vi.fn<(messageId: string, versionId: string) => void>();
  const row = { kind: 'message' as const, key: message.id, message };
  renderInChat(chat, MessageRow, { row, last: true, tabbable: true, hovered: false, ...place, onversion });
  return { chat, onversion };
}
const reply = { role: 'assistant' as const, model: 'demo/eliza', turnId: 't' };

describe('a message', () => {
  it('is an article with its full name', () => {
    show({ ...reply, versions: ['m1', 'm2'] });
    expect(screen.getByRole('article').getAttribute('aria-label')).toMatch(
      /^eliza, .+, message 2 of 2, version 2 of 2$/,
    );
  });

  it('always has its actions in the document', async () => {
    const { chat, onversion } = show({ ...reply, versions: ['m1', 'm2'] });
    expect(screen.getByRole('button', { name: 'Copy as Markdown' })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Write another version' })).toBeInTheDocument();
    await fireEvent.click(screen.getByRole('button', { name: 'Earlier version' }));
    expect(onversion).toHaveBeenCalledWith('m2', 'm1');
    await fireEvent.click(screen.getByRole('button', { name: 'How this reply came about' }));
    expect(chat.traceOf).toBe('m2');
  });

  it.each([
    ['far from the pointer and the keyboard are not drawn', {}, 0],
    ['under the pointer are drawn', { hovered: true }, 1],
    ['at the keyboard are drawn', { tabbable: true }, 1],
    ['of the last reply are drawn', { last: true }, 1],
  ])('whose actions %s', (_, place, drawings) => {
    show(reply, { last: false, tabbable: false, ...place });
    expect(screen.getByRole('button', { name: 'Copy as Markdown' }).querySelectorAll('svg')).toHaveLength(drawings);
  });

  it('of a person stands exactly as it was typed', () => {
    show({ text: '**not bold**\n<b>nor this</b>' });
    expect(screen.getByRole('article')).toHaveTextContent('**not bold** <b>nor this</b>');
  });

  it.each([
    ['stopped', { text: 'half' }, 'Stopped.', 'Continue'],
    ['interrupted', {}, 'The reply was interrupted; what was written is kept.', 'Write again'],
    ['failed', { text: '' }, 'The reply failed.', 'Write again'],
  ] as const)('that was %s says so and offers a way on', (status, change, words, button) => {
    show({ ...reply, status, ...change });
    expect(screen.getByText(words)).toBeVisible();
    expect(screen.getAllByRole('button', { name: button })[0]).toBeVisible();
  });

  it('that was blocked names who stopped it, and one that was marked who marked it', async () => {
    vi.stubGlobal('fetch', async () => Response.json([{ id: 'parley.wordlist', name: 'Word lists' }]));
    const failure = { code: 'x', detail: 'Not here.', retryable: false, plugin: 'parley.wordlist', rule: 'insults' };
    show({ ...reply, status: 'blocked', text: '', failure });
    expect(await screen.findByText('Stopped by Word lists.')).toBeVisible();
    expect(screen.getByText('Rule: insults')).toBeVisible();
    show({ ...reply, flaggedBy: 'parley.wordlist' });
    expect(await screen.findByText('Marked by Word lists')).toBeVisible();
    vi.unstubAllGlobals();
  });

  it('says when a reply has nothing in it', () => {
    show({ ...reply, text: '' });
    expect(screen.getByText('The reply is empty.')).toBeVisible();
  });
});
